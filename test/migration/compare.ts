import type { WitnessSecond } from './witness.ts'

/** Seconds that the script's own clock counted. */
export interface OwnCount {
  readonly outage: number
  readonly unenforced: number
  readonly unproven: number
}

/**
 * Counts as the record does, from the witnesses' answers: a second without a try goes with the next one, and seconds
 * in which the witness itself was away (`away`, as its pod was replaced) are not counted.
 */
export function ownCount(
  buyer: readonly WitnessSecond[],
  thief: readonly WitnessSecond[],
  { from, to }: { readonly from: number; readonly to: number },
  isAway: (second: number) => boolean
): OwnCount {
  const count = (seconds: readonly WitnessSecond[], holds: (second: WitnessSecond) => boolean) => {
    const known = new Map(seconds.map(second => [second.second, second]))
    let total = 0
    for (let second = Math.floor(from / 1000); second < Math.floor(to / 1000); second++) {
      if (isAway(second)) continue
      const met = known.get(second) ?? seconds.find(next => next.second > second)
      if (met !== undefined && holds(met)) total++
    }
    return total
  }
  return {
    outage: count(buyer, ({ ok }) => ok === 0),
    unenforced: count(thief, ({ ok }) => ok > 0),
    unproven: count(buyer, ({ ok, proven }) => ok > 0 && proven < ok)
  }
}
