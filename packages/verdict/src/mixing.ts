import { normalizeVersion, type Split } from '@bookstore/contract'
import { createLatest } from './latest.ts'

/** Evidence that versions are mixed purchase by purchase, and do not come in runs. */
export interface Mixing {
  /** Takes the next purchase, with its connection where that is known; constant cost. */
  observe(version: string, connection?: string | undefined): void
  /** Whether they are mixed: the ratio passed 1 / limit, and did not fall to `limit` since. */
  readonly isMixed: boolean
  /** Whether they come in runs for now: the ratio is at `limit` or below. */
  readonly isInRuns: boolean
  /** Whether more than one of the declared versions has been seen; until then there is nothing to mix. */
  readonly isMany: boolean
  /** About how many more purchases it takes until they are mixed, if they are drawn one by one; 0 when they are. */
  missing(): number
}

// Connections that are in use at the same time are far fewer.
const MOST_REMEMBERED = 4_096
// The place of purchases whose connection is not known: the order in which they came.
const IN_ORDER = ''

/**
 * The likelihood ratio of "each purchase is drawn anew" to "each repeats the one before it with probability 1/2 and is
 * drawn anew else". The one before is the last one on the same connection where connections are known. A purchase of a
 * share q that equals the one before counts q / (1/2 + q/2), another one 2. q is estimated from the purchases before and
 * one of the declared shares (for two equal shares the estimator of Krichevsky & Trofimov 1981). In such runs, or longer
 * ones, the ratio falls; it passes 1 / limit in about `limit` of all sequences (Ville's inequality for a likelihood
 * ratio, exact if q were known).
 */
export function createMixing(declared: Split | null, limit: number): Mixing {
  const enough = -Math.log(limit)
  const possible = Object.entries(declared ?? {}).filter(([, share]) => share > 0)
  const counts = new Map(possible.map(([version, share]) => [version, { share, count: 0 }]))
  const last = createLatest<string>(MOST_REMEMBERED)
  let total = 0
  let seen = 0
  let ratio = 0
  let isMixed = false

  return {
    observe(name, connection = IN_ORDER) {
      const version = counts.has(name) ? name : normalizeVersion(name)
      const counted = counts.get(version)
      if (counted === undefined) return
      const before = last.get(connection)
      if (before !== undefined) weigh(before === version ? logOfRepeat(shareOf(counted)) : Math.LN2)
      last.note(connection, version)
      if (counted.count === 0) seen += 1
      counted.count += 1
      total += 1
    },
    get isMixed() {
      return isMixed
    },
    get isInRuns() {
      return ratio <= -enough
    },
    get isMany() {
      return seen > 1
    },
    missing() {
      if (isMixed) return 0
      const gain = Array.from(counts.values(), shareOf).reduce(
        (sum, share) => sum + share * (share * logOfRepeat(share) + (1 - share) * Math.LN2),
        0
      )
      return Math.ceil((enough - ratio) / gain)
    }
  }

  function weigh(logFactor: number): void {
    ratio += logFactor
    if (ratio >= enough) isMixed = true
    else if (ratio <= -enough) isMixed = false
  }

  function shareOf({ count, share }: { readonly count: number; readonly share: number }): number {
    return (count + share) / (total + 1)
  }
}

function logOfRepeat(share: number): number {
  return Math.log((2 * share) / (1 + share))
}
