import type { WitnessSecond } from './witness.ts'

export type Shopper = 'bookbuyer' | 'bookthief'
type Holds = (second: WitnessSecond) => boolean

/** Seconds that the script's own clock counted. */
export interface OwnCount {
  readonly outage: number
  readonly unenforced: number
  readonly unproven: number
}

/**
 * Counts from the witnesses' answers what the record says of the same time. One second without an answer goes with the
 * next one; a longer silence of the buyer is an outage, because its witness asks many times a second. Seconds of which
 * the shoppers have no record (`isAway`, as their pods were replaced) are not counted.
 */
export function ownCount(
  buyer: readonly WitnessSecond[],
  thief: readonly WitnessSecond[],
  { from, to }: { readonly from: number; readonly to: number },
  isAway: (who: Shopper, second: number) => boolean
): OwnCount {
  const seconds = Array.from(
    { length: Math.floor(to / 1000) - Math.floor(from / 1000) },
    (_, at) => Math.floor(from / 1000) + at
  )
  const count = (met: readonly WitnessSecond[], who: Shopper, holds: Holds, silence: boolean) => {
    const known = new Map(met.map(second => [second.second, second]))
    return seconds.filter(second => {
      if (isAway(who, second)) return false
      const isPause = known.has(second - 1) && known.has(second + 1)
      const answered = known.get(second) ?? (isPause ? known.get(second + 1) : undefined)
      return answered === undefined ? silence : holds(answered)
    }).length
  }
  return {
    outage: count(buyer, 'bookbuyer', ({ ok }) => ok === 0, true),
    unenforced: count(thief, 'bookthief', ({ ok }) => ok > 0, false),
    unproven: count(buyer, 'bookbuyer', ({ ok, proven }) => ok > 0 && proven < ok, false)
  }
}
