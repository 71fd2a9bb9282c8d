import type { Split } from '@bookstore/contract'
import { judgeCounts } from './judge-counts.ts'

/** How many purchases a correct split needs until it passes. */
export interface PassRange {
  /** With shares exactly as declared. */
  readonly fewest: number
  /** Enough in about 99 of 100 tries. */
  readonly most: number
}

// the 99.5 % quantile of the normal distribution: the shares of a correct split lie within so many standard deviations
const LUCK = 2.58
const MOST = 2 ** 30

/**
 * The purchases after which a correct split passes: it depends on what is declared and not on what was seen, so it
 * stands still while one waits. Null when no number that can be counted would do. Pure; costs some milliseconds.
 */
export function passRange(terms: {
  readonly declared: Split
  readonly alpha: number
  readonly tolerance: number
}): PassRange | null {
  const fewest = firstPass(total => passesAt(total, 0, terms))
  const most = fewest && firstPass(total => passesAt(total, LUCK, terms))
  return fewest && most ? { fewest, most } : null
}

function firstPass(passes: (total: number) => boolean): number | null {
  let enough = 1
  while (!passes(enough)) {
    if (enough >= MOST) return null
    enough *= 2
  }
  let tooFew = Math.floor(enough / 2)
  while (enough - tooFew > Math.max(1, enough / 200)) {
    const middle = Math.floor((enough + tooFew) / 2)
    if (passes(middle)) enough = middle
    else tooFew = middle
  }
  return enough
}

// the version that strays most takes its luck from the one that has most
function passesAt(total: number, luck: number, { declared, alpha, tolerance }: Parameters<typeof passRange>[0]) {
  const shares = Object.entries(declared)
  const [richest] = shares.reduce((most, next) => (next[1] > most[1] ? next : most))
  return shares.every(([version, share]) => {
    const strayed = Math.round(luck * Math.sqrt(total * share * (1 - share)))
    const counts = Object.fromEntries(shares.map(([name, its]) => [name, Math.round(total * its)]))
    const other = version === richest ? shares.find(([name]) => name !== richest)?.[0] : richest
    counts[version] = (counts[version] ?? 0) + strayed
    if (other !== undefined) counts[other] = Math.max(0, (counts[other] ?? 0) - strayed)
    return judgeCounts({ declared, counts, alpha, tolerance }).status === 'pass'
  })
}
