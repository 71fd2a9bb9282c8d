import { MIXTURE } from './mixture.ts'
import { createWealth } from './wealth.ts'

/** A running bet against the declared shares; under a correct split its mean stays at most 1. */
export interface EProcess {
  /** Takes one more purchase of the version at `index`, in constant time; returns the new ln e. */
  observe(index: number): number
  /** ln e now; 0 before the first purchase. */
  logE(): number
}

interface Bet {
  readonly concentration: number
  readonly weight: number
  /** The version that it sets against all others; undefined for all versions at once. */
  readonly version: number | undefined
}

/**
 * The average of Dirichlet-mixture e-processes around the declared shares (all above 0): Lindon & Malek,
 * "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022. Each factor is the predictive probability
 * (c share + count) / (c + total) over the declared share, so no gamma function is needed; an average with weights
 * fixed in advance is an e-process again. With more than two versions half of it is bet on one version against the
 * rest, each in turn: a drift of one version among ten would else pay for nine that did not move.
 */
export function createEProcess(shares: readonly number[]): EProcess {
  const bets = betsOn(shares.length)
  const wealth = createWealth(bets.map(({ weight }) => weight))
  const counts = new Float64Array(shares.length)
  let total = 0
  let current = 0

  return {
    observe(index) {
      if (!(index >= 0 && index < shares.length)) {
        throw new RangeError(`Expected a version below ${shares.length}, got ${index}`)
      }
      for (let bet = 0; bet < bets.length; bet++) wealth.multiply(bet, factorOf(bets[bet] as Bet, index))
      counts[index] = (counts[index] ?? 0) + 1
      total += 1
      current = wealth.logAverage()
      return current
    },
    logE: () => current
  }

  function factorOf({ concentration, version: against }: Bet, index: number): number {
    const version = against ?? index
    const share = shares[version] ?? 0
    const count = counts[version] ?? 0
    if (version === index) return (concentration * share + count) / (concentration + total) / share
    const others = 1 - share
    return (concentration * others + total - count) / (concentration + total) / others
  }
}

function betsOn(versions: number): readonly Bet[] {
  const all = MIXTURE.map(({ concentration, logWeight }) => ({
    concentration,
    weight: Math.exp(logWeight),
    version: undefined
  }))
  if (versions <= 2) return all
  const half = all.map(bet => ({ ...bet, weight: bet.weight / 2 }))
  const each = Array.from({ length: versions }, (_, version) =>
    half.map(bet => ({ ...bet, weight: bet.weight / versions, version }))
  )
  return [...half, ...each.flat()]
}
