import { type Tallied, withinTolerance } from './evidence.ts'

const MOST_PURCHASES = 2 ** 40

/**
 * Estimates how many more purchases a correct split needs to pass: the fewest after which every
 * interval lies within tolerance if the coming purchases follow the declared shares exactly. Null
 * when no number would do, which a tolerance far below 1 point can bring about.
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
  const tallies = tallied.tallies.map(tally => ({
    ...tally,
    count: tally.count + more * (tally.declared ?? 0)
  }))
  return withinTolerance({ tallies, total: tallied.total + more, alpha: tallied.alpha }, tolerance)
}
