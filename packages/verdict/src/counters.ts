import { normalizeVersion, type Split } from '@bookstore/contract'
import type { Bounds } from './bounds.ts'
import type { Tally } from './evidence.ts'

/** A tally that counts on. */
export type Counter = { -readonly [Key in keyof Tally]: Tally[Key] } & {
  /** Its place among the versions that a bet is placed on; undefined for one that was declared 0 or not at all. */
  readonly bet: number | undefined
}

/** A counter for each version, in the order in which they were first known. */
export interface Counters {
  /** The counter of a version, made when it is new (`v1` means `bookstore-v1`). */
  of(version: string): Counter
  all(): readonly Counter[]
  counts(): readonly number[]
  /** Those that are declared above 0. */
  readonly possible: readonly (Counter & { readonly declared: number })[]
}

// Names come from an answer header, so what a stranger can fill must be bounded.
const MOST_UNDECLARED = 32
const OTHER_VERSIONS = 'other versions'

/** Counters at 0 for the declared versions; from the 33rd undeclared name on, one for all. */
export function createCounters(declared: Split | null, boundsOf: (version: string) => Bounds): Counters {
  const byName = new Map<string, Counter>()
  let all: readonly Counter[] = []
  let bets = 0
  for (const [version, share] of Object.entries(declared ?? {})) {
    add({
      version,
      declared: share,
      unknown: false,
      count: 0,
      bounds: boundsOf(version),
      bet: share > 0 ? bets++ : undefined
    })
  }
  const named = byName.size

  return {
    of: name => byName.get(name) ?? ofVersion(normalizeVersion(name)),
    all: () => all,
    counts: () => all.map(({ count }) => count),
    possible: all.filter(isPossible)
  }

  function ofVersion(version: string): Counter {
    const name = byName.has(version) || byName.size - named < MOST_UNDECLARED ? version : OTHER_VERSIONS
    return byName.get(name) ?? add(undeclared(name))
  }

  function undeclared(version: string): Counter {
    const share = declared === null ? null : 0
    return { version, declared: share, unknown: share === 0, count: 0, bounds: boundsOf(version), bet: undefined }
  }

  function add(counter: Counter): Counter {
    byName.set(counter.version, counter)
    all = [...byName.values()]
    return counter
  }
}

function isPossible(counter: Counter): counter is Counter & { readonly declared: number } {
  return counter.bet !== undefined
}
