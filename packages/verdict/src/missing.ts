import type { Evidence, Tallied } from './evidence.ts'
import { passes } from './sureness.ts'

const MOST_PURCHASES = 2 ** 40

// Coming purchases stray from the declared shares; with this part of a standard deviation the
// estimate lies near the median of what is really needed (the rows pass-… of the bench print both).
const LUCK = 0.4

/**
 * Estimates how many more purchases a split needs to pass: the fewest after which every interval lies within the bounds
 * if the coming purchases follow the declared shares with usual luck. After an alarm it is known that they do not, and
 * the shares so far are taken instead. Null when no number that can be counted would do.
 */
export function estimateMissing(evidence: Evidence): number | null {
  const { stretch, total } = evidence
  const shares = evidence.tallies.map(({ count, declared }) => (stretch === null ? (declared ?? 0) : count / total))
  let enough = 1
  while (!passesAfter(evidence, shares, enough)) {
    if (enough >= MOST_PURCHASES) return null
    enough *= 2
  }
  let tooFew = Math.floor(enough / 2)
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2)
    if (passesAfter(evidence, shares, middle)) enough = middle
    else tooFew = middle
  }
  return enough
}

function passesAfter({ tallies, total: before, alpha }: Tallied, shares: readonly number[], more: number): boolean {
  const total = before + more
  const spread = (LUCK * Math.max(...shares.map(share => deviation(share, more)))) / total
  const coming = tallies.map((tally, index) => ({
    ...tally,
    count: tally.count + more * (shares[index] ?? 0),
    bounds: { low: tally.bounds.low + spread, high: tally.bounds.high - spread }
  }))
  return coming.every(({ bounds }) => bounds.low < bounds.high) && passes({ tallies: coming, total, alpha })
}

/** Standard deviation of how many of `purchases` go to a version. */
function deviation(share: number, purchases: number): number {
  return Math.sqrt(purchases * share * (1 - share))
}
