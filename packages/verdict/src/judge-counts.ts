import { normalizeVersion, type Ranges, type Split, type SplitVerdict, shareOf } from '@bookstore/contract'
import { logBeyond } from './beyond.ts'
import { boundsIn, type Expected } from './bounds.ts'
import type { Evidence, Stretch, Tally } from './evidence.ts'
import { judgeEvidence, type VerdictOptions } from './judge-evidence.ts'
import { logAddExp, logGamma } from './log-math.ts'
import { MIXTURE } from './mixture.ts'
import { checkedAlpha, checkedTolerance, DEFAULT_ALPHA, DEFAULT_TOLERANCE } from './parameters.ts'
import { strayedBeyond } from './sureness.ts'

/** Counts from anywhere, to be judged without their order. */
export interface CountsOptions extends VerdictOptions {
  readonly declared: Split
  /** Purchases per version; whole numbers of at least 0. */
  readonly counts: Readonly<Record<string, number>>
  readonly alpha?: number | undefined
  /** How far a version may be from its declared share to pass; 0.05 is 5 points. */
  readonly tolerance?: number | undefined
  /** The ranges that are expected instead of exact shares, if any; `declared` lies within them. */
  readonly ranges?: Ranges | undefined
}

const ALL: Stretch = { since: 0, version: null, before: 0 }

/**
 * Judges final counts. Their order is not known, so `alarmAt` is null and no change is looked for;
 * e is that of the Dirichlet mixture, which depends on the counts alone. Throws RangeError for a
 * count that is no whole number of at least 0, for a version that is counted under two names (`v1`
 * and `bookstore-v1`), and for alpha or tolerance out of range.
 */
export function judgeCounts({
  declared,
  counts,
  alpha = DEFAULT_ALPHA,
  tolerance = DEFAULT_TOLERANCE,
  ranges,
  ...options
}: CountsOptions): SplitVerdict {
  const threshold = -Math.log(checkedAlpha(alpha))
  const tallies = talliesOf({ declared, tolerance: checkedTolerance(tolerance), ranges }, counts)
  const total = tallies.reduce((sum, { count }) => sum + count, 0)
  const logE = ranges === undefined ? logEOfCounts(tallies) : logBeyondRanges(tallies, total)
  const stretch = logE >= threshold ? ALL : null
  const evidence: Evidence = {
    declared,
    alpha,
    tolerance,
    ranges,
    tallies,
    total,
    logE,
    alarmAt: null,
    passed: null,
    stretch,
    hasFailed: logE === Infinity || (stretch !== null && strayedBeyond({ tallies, total, alpha }, stretch)),
    change: undefined
  }
  return judgeEvidence(evidence, options)
}

/** ln of the average, over both ends of all ranges, of the evidence that a share lies beyond that end. */
function logBeyondRanges(tallies: readonly Tally[], total: number): number {
  if (tallies.some(({ declared, count }) => !declared && count > 0)) return Infinity
  if (total === 0) return 0
  const logs = tallies.map(({ count, bounds }) => logBeyond({ count, total }, bounds))
  return logs.reduce(logAddExp, -Infinity) - Math.log(2 * tallies.length)
}

/** ln e of createEProcess in closed form (Lindon & Malek, the Bayes factor of section 2). */
export function logEOfCounts(tallies: readonly Counted[]): number {
  const all = logMixture(tallies)
  const possible = tallies.filter(({ declared }) => declared)
  if (possible.length <= 2 || all === Infinity) return all
  const total = tallies.reduce((sum, { count }) => sum + count, 0)
  const each = possible.map(tally => {
    const rest = { declared: 1 - (tally.declared ?? 0), count: total - tally.count }
    return logMixture([tally, rest]) - Math.log(possible.length)
  })
  return logAddExp(all, each.reduce(logAddExp)) - Math.log(2)
}

type Counted = Pick<Tally, 'declared' | 'count'>

function logMixture(tallies: readonly Counted[]): number {
  const total = tallies.reduce((sum, { count }) => sum + count, 0)
  return MIXTURE.reduce((sum, { concentration, logWeight }) => {
    const shares = tallies.reduce((part, tally) => part + logFactor(tally, concentration), 0)
    const normal = logGamma(concentration) - logGamma(concentration + total)
    return logAddExp(sum, logWeight + normal + shares)
  }, -Infinity)
}

function logFactor({ declared, count }: Counted, concentration: number): number {
  if (count === 0) return 0
  if (!declared) return Infinity
  const prior = concentration * declared
  return logGamma(prior + count) - logGamma(prior) - count * Math.log(declared)
}

function talliesOf(
  expected: Expected & { readonly declared: Split },
  counts: Readonly<Record<string, number>>
): readonly Tally[] {
  const { declared } = expected
  const found = new Map(Object.keys(declared).map(version => [version, 0]))
  const named = new Set<string>()
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`Expected a whole number of purchases of ${name}, got ${count}`)
    }
    const version = normalizeVersion(name)
    if (named.has(version)) throw new RangeError(`Expected every version once, got ${version} twice`)
    named.add(version)
    found.set(version, count)
  }
  const boundsOf = boundsIn(expected)
  return Array.from(found, ([version, count]) => ({
    version,
    bounds: boundsOf(version),
    declared: shareOf(declared, version) ?? 0,
    unknown: shareOf(declared, version) === undefined,
    count
  }))
}
