import { normalizeVersion, type Split, type SplitVerdict, shareOf } from '@bookstore/contract'
import type { Evidence, Tally } from './evidence.ts'
import { judgeEvidence, type VerdictOptions } from './judge-evidence.ts'
import { logAddExp, logGamma } from './log-math.ts'
import { MIXTURE } from './mixture.ts'
import { checkedAlpha, DEFAULT_ALPHA } from './parameters.ts'

/** Counts from anywhere, to be judged without their order. */
export interface CountsOptions extends VerdictOptions {
  readonly declared: Split
  /** Purchases per version; whole numbers of at least 0. */
  readonly counts: Readonly<Record<string, number>>
  readonly alpha?: number | undefined
}

/**
 * Judges final counts. Their order is not known, so `alarmAt` is null and no change is looked for;
 * e is that of the Dirichlet mixture, which depends on the counts alone. Throws RangeError for a
 * count that is no whole number of at least 0, and for alpha or tolerance out of range.
 */
export function judgeCounts({ declared, counts, alpha = DEFAULT_ALPHA, ...options }: CountsOptions): SplitVerdict {
  const threshold = -Math.log(checkedAlpha(alpha))
  const tallies = talliesOf(declared, counts)
  const total = tallies.reduce((sum, { count }) => sum + count, 0)
  const logE = logEOfCounts(tallies)
  const evidence: Evidence = {
    declared,
    alpha,
    tallies,
    total,
    logE,
    alarmAt: null,
    alarmed: logE >= threshold,
    checkpoints: []
  }
  return judgeEvidence(evidence, options)
}

/** ln e of the Dirichlet mixture in closed form (Lindon & Malek, the Bayes factor of section 2). */
export function logEOfCounts(tallies: readonly Pick<Tally, 'declared' | 'count'>[]): number {
  const total = tallies.reduce((sum, { count }) => sum + count, 0)
  return MIXTURE.reduce((sum, { concentration, logWeight }) => {
    const shares = tallies.reduce((part, tally) => part + logFactor(tally, concentration), 0)
    const normal = logGamma(concentration) - logGamma(concentration + total)
    return logAddExp(sum, logWeight + normal + shares)
  }, -Infinity)
}

function logFactor({ declared, count }: Pick<Tally, 'declared' | 'count'>, concentration: number) {
  if (count === 0) return 0
  if (!declared) return Infinity
  const prior = concentration * declared
  return logGamma(prior + count) - logGamma(prior) - count * Math.log(declared)
}

function talliesOf(declared: Split, counts: Readonly<Record<string, number>>): readonly Tally[] {
  const found = new Map(Object.keys(declared).map(version => [version, 0]))
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`Expected a whole number of purchases of ${name}, got ${count}`)
    }
    const version = normalizeVersion(name)
    found.set(version, (found.get(version) ?? 0) + count)
  }
  return Array.from(found, ([version, count]) => ({
    version,
    declared: shareOf(declared, version) ?? 0,
    unknown: shareOf(declared, version) === undefined,
    count
  }))
}
