import { logBeta, xLogY } from './log-math.ts'
import { MIXTURE } from './mixture.ts'

/** Where a share lies, both ends included; shares from 0 to 1. */
export interface Interval {
  readonly low: number
  readonly high: number
}

/** What an interval is computed from: `count` of `total` purchases, and the prior's centre. */
export interface ShareEvidence {
  readonly count: number
  readonly total: number
  /** The share the prior is centred at: the declared one, fixed before the data. */
  readonly centre: number
  /** Probability with which the interval may miss the true share at any time. */
  readonly alpha: number
}

// A prior centred exactly at 0 or 1 could never learn; the guarantee holds for any fixed prior.
const LEAST_CENTRE = 0.005
const BISECTIONS = 50

/**
 * The time-uniform confidence interval of a share: all p that the Beta-mixture e-process (the
 * two-category case of Lindon & Malek) does not reject at `alpha`. It holds at every purchase at
 * once, so it may be looked at as often as one likes. For two declared versions it is the exact
 * inverse of the test itself. [0, 1] before the first purchase.
 */
export function shareInterval(evidence: ShareEvidence): Interval {
  const { count, total } = evidence
  if (total === 0) return { low: 0, high: 1 }
  const floor = rejectionLevel(evidence)
  const observed = count / total
  return {
    low: count === 0 ? 0 : boundary({ inside: observed, outside: 0, floor, evidence }),
    high: count === total ? 1 : boundary({ inside: observed, outside: 1, floor, evidence })
  }
}

/** Whether the interval lies within [low, high], without bisection: what `pass` asks. */
export function intervalWithin(evidence: ShareEvidence, { low, high }: Interval): boolean {
  const { count, total } = evidence
  if (total === 0) return low <= 0 && high >= 1
  const observed = count / total
  if (observed < low || observed > high) return false
  const floor = rejectionLevel(evidence)
  return (low <= 0 || logLikelihood(evidence, low) <= floor) && (high >= 1 || logLikelihood(evidence, high) <= floor)
}

/** Whether the interval contains `share`. */
export function intervalContains(evidence: ShareEvidence, share: number): boolean {
  return evidence.total === 0 || logLikelihood(evidence, share) > rejectionLevel(evidence)
}

/** ln of the average, over the prior, of the probability of these purchases in their order. */
function logMarginal({ count, total, centre }: ShareEvidence): number {
  const share = Math.min(Math.max(centre, LEAST_CENTRE), 1 - LEAST_CENTRE)
  let highest = -Infinity
  const terms = MIXTURE.map(({ concentration, logWeight }) => {
    const a = concentration * share
    const b = concentration - a
    const term = logWeight + logBeta(a + count, b + total - count) - logBeta(a, b)
    highest = Math.max(highest, term)
    return term
  })
  return highest + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - highest), 0))
}

function rejectionLevel(evidence: ShareEvidence): number {
  return logMarginal(evidence) + Math.log(evidence.alpha)
}

function logLikelihood({ count, total }: ShareEvidence, share: number): number {
  return xLogY(count, share) + xLogY(total - count, 1 - share)
}

/** Bisects between a share that is kept and one that is not; returns the kept side's last share. */
function boundary(search: {
  readonly inside: number
  readonly outside: number
  readonly floor: number
  readonly evidence: ShareEvidence
}): number {
  let { inside, outside } = search
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (inside + outside) / 2
    if (logLikelihood(search.evidence, middle) > search.floor) inside = middle
    else outside = middle
  }
  return outside
}
