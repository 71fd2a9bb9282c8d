import { logAddExp } from './log-math.ts'
import { MIXTURE } from './mixture.ts'

/** A running bet against the declared shares; under a correct split its mean stays at most 1. */
export interface EProcess {
  /** Takes one more purchase of the version at `index`, in constant time; returns the new ln e. */
  observe(index: number): number
  /** ln e now; 0 before the first purchase. */
  logE(): number
  /** Forgets every purchase. */
  restart(): void
}

/**
 * The average of Dirichlet-mixture e-processes around the declared shares (all above 0): Lindon &
 * Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022. Each factor is the
 * Dirichlet predictive probability (α share + count) / (α + total) over the declared share, so no
 * gamma function is needed; an average with weights fixed in advance is an e-process again.
 */
export function createEProcess(shares: readonly number[]): EProcess {
  const bets = MIXTURE.map(({ concentration, logWeight }) => ({
    concentration,
    logWeight,
    logE: 0
  }))
  const versions = shares.map(share => ({ share, count: 0 }))
  let total = 0
  let current = 0

  return {
    observe(index) {
      const version = versions[index]
      if (version === undefined) throw new RangeError(`Expected a version below ${shares.length}, got ${index}`)
      current = -Infinity
      for (const bet of bets) {
        const predicted = (bet.concentration * version.share + version.count) / (bet.concentration + total)
        bet.logE += Math.log(predicted / version.share)
        current = logAddExp(current, bet.logWeight + bet.logE)
      }
      version.count += 1
      total += 1
      return current
    },
    logE: () => current,
    restart() {
      for (const bet of bets) bet.logE = 0
      for (const version of versions) version.count = 0
      total = 0
      current = 0
    }
  }
}
