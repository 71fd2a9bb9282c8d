import {
  type Cause,
  formatSplit,
  type Health,
  type Split,
  type SplitVerdict,
  sameSplit,
  shareOf
} from '@bookstore/contract'
import type { Declaration } from './declared.ts'
import type { PolicyView } from './policy-feed.ts'

/** What a shopper knows beside the purchases of a verdict. */
export interface Known {
  readonly declaration: Declaration
  /** What the policies declare. */
  readonly policies: PolicyView['declared']
  readonly health: Health
}

/**
 * A verdict with the reasons that are known: that somebody expects another split than the policies declare, and what
 * fails now. A known reason stands before likely ones, and one that explains all stands alone. Pure.
 */
export function withKnownReasons(verdict: SplitVerdict, known: Known): SplitVerdict {
  if (verdict.status !== 'fail') return verdict
  const elsewhere = declaredElsewhere(verdict, known)
  if (elsewhere !== null) return { ...verdict, causes: [elsewhere] }
  return { ...verdict, causes: [...failing(known.health), ...verdict.causes] }
}

function declaredElsewhere({ versions }: SplitVerdict, { declaration, policies }: Known): Cause | null {
  const expected = declaration.split
  if (declaration.source.kind !== 'page' || expected === null || policies === null) return null
  if (sameSplit(expected, policies.split) || !isInside(versions, policies.split)) return null
  const theirs = `${policies.source.detail} says ${formatSplit(policies.split)}`
  const text = `you expect ${formatSplit(expected)}; ${theirs}, and the mesh does ${formatSplit(policies.split)}`
  return { code: 'declared-elsewhere', text }
}

function isInside(versions: SplitVerdict['versions'], split: Split): boolean {
  return versions.every(({ version, low, high }) => {
    const share = shareOf(split, version) ?? 0
    return low <= share && share <= high
  })
}

function failing({ bought, denied, failed, seconds }: Health): readonly Cause[] {
  if (failed === 0) return []
  const text = `${failed} of ${bought + denied + failed} attempts failed in the last ${seconds} s; what fails is in no share`
  return [{ code: 'failures', text }]
}
