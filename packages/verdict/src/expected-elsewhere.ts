import { type Cause, formatSplit, type Split, type SplitVerdict, sameSplit, shareOf } from '@bookstore/contract'

/**
 * The cause of a fail where somebody expects one split, another is declared, and the shares are as declared; null
 * otherwise. `source` says in words who declares it. Pure.
 */
export function expectedElsewhere(
  { status, versions }: SplitVerdict,
  expected: Split,
  declared: { readonly split: Split; readonly source: string }
): Cause | null {
  const { split, source } = declared
  if (status !== 'fail' || sameSplit(expected, split) || !isInside(versions, split)) return null
  const theirs = `${source} says ${formatSplit(split)}`
  const text = `you expect ${formatSplit(expected)}; ${theirs}, and the mesh does ${formatSplit(split)}`
  return { code: 'declared-elsewhere', text }
}

function isInside(versions: SplitVerdict['versions'], split: Split): boolean {
  return versions.every(({ version, low, high }) => {
    const share = shareOf(split, version) ?? 0
    return low <= share && share <= high
  })
}
