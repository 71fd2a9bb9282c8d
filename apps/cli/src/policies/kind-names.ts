import { POLICY_KINDS, type PolicyKind } from '@bookstore/policy'
import { UsageError } from '../command.ts'
import { didYouMean } from '../text/nearest.ts'

/**
 * The kind that a person means: `TrafficSplit`, `trafficsplit`, `trafficsplits` or `trafficsplits.split.smi-spec.io`,
 * in any case. @throws UsageError that lists the kinds
 */
export function kindOf(text: string): PolicyKind {
  const kind = findKind(text)
  if (kind !== undefined) return kind
  const names = POLICY_KINDS.map(({ kind: name }) => name.toLowerCase())
  throw new UsageError(`expected a kind of ${names.join(', ')}, got "${text}"${didYouMean(text, names)}`)
}

/**
 * The kinds of a list such as `trafficsplit,traffictarget`, by their names in capitals; undefined, which means every
 * kind, for `all` or without a list. @throws UsageError for a word that names none
 */
export function kindsOf(list: string | undefined): ReadonlySet<string> | undefined {
  if (list === undefined || list.toLowerCase() === 'all') return undefined
  return new Set(list.split(',').map(word => kindOf(word).kind))
}

/** As `kindOf`; undefined for a word that names none. */
export function findKind(text: string): PolicyKind | undefined {
  const word = text.toLowerCase()
  return POLICY_KINDS.find(({ kind, plural, group }) => {
    const names = [kind.toLowerCase(), plural]
    return names.includes(word) || names.some(name => `${name}.${group}` === word)
  })
}
