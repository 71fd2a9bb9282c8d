import { passes, type Tallied } from './evidence.ts'

const MOST_PURCHASES = 2 ** 40

// Coming purchases stray from the declared shares; with this part of a standard deviation the
// estimate lies near the median of what is really needed (bench/main.ts prints both).
const LUCK = 0.4

/**
 * Estimates how many more purchases a correct split needs to pass: the fewest after which every
 * interval lies within tolerance if the coming purchases follow the declared shares with usual luck.
 * Null when no number that can be counted would do.
 */
export function estimateMissing(tallied: Tallied, tolerance: number): number | null {
  let enough = 1
  while (!passesAfter(tallied, enough, tolerance)) {
    if (enough >= MOST_PURCHASES) return null
    enough *= 2
  }
  let tooFew = Math.floor(enough / 2)
  while (enough - tooFew > 1) {
    const middle = Math.floor((enough + tooFew) / 2)
    if (passesAfter(tallied, middle, tolerance)) enough = middle
    else tooFew = middle
  }
  return enough
}

function passesAfter(tallied: Tallied, more: number, tolerance: number): boolean {
  const total = tallied.total + more
  const tallies = tallied.tallies.map(tally => ({
    ...tally,
    count: tally.count + more * (tally.declared ?? 0)
  }))
  const spread = Math.max(...tallies.map(({ declared }) => deviation(declared ?? 0, more))) / total
  const left = tolerance - LUCK * spread
  return left > 0 && passes({ tallies, total, alpha: tallied.alpha }, left)
}

/** Standard deviation of how many of `purchases` go to a version. */
function deviation(share: number, purchases: number): number {
  return Math.sqrt(purchases * share * (1 - share))
}
