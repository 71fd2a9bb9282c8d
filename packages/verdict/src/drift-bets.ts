/** The part of the purchases in which a drift shows. */
export interface Drifted {
  /** The version whose share moved, by its index. */
  readonly version: number
  /** How many purchases came before. */
  readonly since: number
  /** How many purchases of that version came since. */
  readonly count: number
}

/** Bets on a drift that may begin at any purchase; their mean stays at most 1 while no version drifts. */
export interface DriftBets {
  /** Takes one more purchase of the version at `index`, in constant time; returns e. */
  observe(index: number): number
  /** The drift that has won most; undefined while there is nothing to bet on. */
  mostLikely(): Drifted | undefined
}

export interface DriftBetsOptions {
  /** For each version: a drift is a share below `low` or above `high`. For an exact share both are that share. */
  readonly bounds: readonly { readonly low: number; readonly high: number }[]
  /** The part of the money that is bet on a drift from the very first purchase; the rest is kept for later ones. */
  readonly fromStart?: number
  /** Sizes of the drifts that are bet on, as shifts of the log odds; by default seven of them. */
  readonly shifts?: readonly number[]
}

// shifts of the log odds, from a share of 50 that becomes 52 to one version that takes all
const SHIFTS = [0.1, 0.2, 0.4, 0.8, 1.5, 3, 6]
const LOG_100 = Math.log(100)
// A bet that has won this much needs no more, and a double could not hold it.
const MOST = 1e280

/**
 * At every purchase t a part w(t) of the money is put on "some version has drifted since now", one bet for each
 * version, direction and size of shift. All bets of one shift share a sum, S <- (S + w(t)) × likelihood ratio: the
 * Shiryaev-Roberts recursion with weights that sum to 1, as in Shin, Ramdas & Rinaldo, "E-detectors" (2022), so the
 * whole stays an e-process and not only a detector. w(t) = tau(t - 1) - tau(t) with tau(t) = ln 100 / ln(t + 100)
 * falls slowly enough that a drift after a million purchases costs 17 nats. A ratio that is fair at the bound has a
 * mean of at most 1 for every share on the right side of it.
 */
export function createDriftBets({ bounds, fromStart = 0, shifts = SHIFTS }: DriftBetsOptions): DriftBets {
  const bets = betsOn(bounds, shifts)
  const { length } = bets
  const version = Int32Array.from(bets, bet => bet.version)
  const ifHit = Float64Array.from(bets, bet => bet.ifHit)
  const ifMissed = Float64Array.from(bets, bet => bet.ifMissed)
  const sums = new Float64Array(length).fill(fromStart)
  // for each shift the one start that has won most (Page's CUSUM), and what came since
  const best = new Float64Array(length)
  const since = new Float64Array(length)
  const counts = new Float64Array(length)
  let total = 0
  let unspent = 1

  return {
    observe(index) {
      const left = LOG_100 / Math.log(total + 1 + 100)
      const stake = (unspent - left) * (1 - fromStart)
      unspent = left
      let won = 0
      for (let bet = 0; bet < length; bet++) {
        const isHit = version[bet] === index
        const ratio = (isHit ? ifHit[bet] : ifMissed[bet]) as number
        let sum = ((sums[bet] as number) + stake) * ratio
        if (sum > MOST) sum = MOST
        sums[bet] = sum
        won += sum
        let most = best[bet] as number
        if (most < stake) {
          most = stake
          since[bet] = total
          counts[bet] = 0
        }
        most *= ratio
        best[bet] = most > MOST ? MOST : most
        if (isHit) (counts[bet] as number)++
      }
      total += 1
      return length === 0 ? 1 : won / length + unspent * (1 - fromStart)
    },
    mostLikely() {
      if (length === 0) return undefined
      const bet = best.reduce((most, value, at) => (value > (best[most] ?? 0) ? at : most), 0)
      return { version: version[bet] ?? 0, since: since[bet] ?? 0, count: counts[bet] ?? 0 }
    }
  }
}

interface Bet {
  readonly version: number
  readonly ifHit: number
  readonly ifMissed: number
}

function betsOn(bounds: DriftBetsOptions['bounds'], shifts: readonly number[]): readonly Bet[] {
  // of two versions the second moves as the first does, the other way
  const watched = bounds.length === 2 ? bounds.slice(0, 1) : bounds
  return watched
    .flatMap(({ low, high }, version) => [
      ...shifts.map(shift => bet(version, low, -shift)),
      ...shifts.map(shift => bet(version, high, shift))
    ])
    .filter(({ ifHit, ifMissed }) => ifHit > 0 && ifMissed > 0 && ifHit !== ifMissed)
}

/** The likelihood ratio of a share whose log odds are `shift` further than those of `share`; none for 0 and 1. */
function bet(version: number, share: number, shift: number): Bet {
  const odds = Math.exp(shift)
  const norm = 1 - share + share * odds
  return share <= 0 || share >= 1
    ? { version, ifHit: 1, ifMissed: 1 }
    : { version, ifHit: odds / norm, ifMissed: 1 / norm }
}
