import { normalizeVersion, type Split, type SplitVerdict } from '@bookstore/contract'
import type { Evidence, Tally } from './evidence.ts'
import { createHistory } from './history.ts'
import { judgeEvidence, type VerdictOptions } from './judge-evidence.ts'
import { checkedAlpha, DEFAULT_ALPHA } from './parameters.ts'
import { createRestartedEProcess } from './restarted-e-process.ts'

/** What a split test is made with. */
export interface SplitMonitorOptions {
  /** The declared split; null counts only and stays pending. */
  readonly declared: Split | null
  /** Probability of a false alarm that is accepted over all time. */
  readonly alpha?: number | undefined
}

/** A test that may be looked at after every purchase without losing its error rate. */
export interface SplitMonitor {
  /** Counts a purchase (`v1` means `bookstore-v1`), at a time in ms if it is known; constant cost. */
  observe(version: string, at?: number): void
  /** What can be said now. Throws RangeError for a tolerance outside (0, 1). */
  verdict(options?: VerdictOptions): SplitVerdict
  readonly purchases: number
  /** Number of the purchase at which the alarm came, counted from 1, or null. */
  readonly alarmAt: number | null
}

// Names come from an answer header, so what a stranger can fill must be bounded.
const MOST_UNDECLARED = 32
const OTHER_VERSIONS = 'other versions'

type Counter = { -readonly [Key in keyof Tally]: Tally[Key] } & { readonly bet: number | undefined }

/** Starts a test of the declared split. Throws RangeError for an alpha outside (0, 0.5]. */
export function createSplitMonitor({ declared, alpha = DEFAULT_ALPHA }: SplitMonitorOptions): SplitMonitor {
  const threshold = -Math.log(checkedAlpha(alpha))
  const counters = declaredCounters(declared)
  const eProcess = createRestartedEProcess([...counters.values()].filter(isPossible).map(({ declared }) => declared))
  const history = createHistory()
  const counts = () => Array.from(counters.values(), ({ count }) => count)
  let total = 0
  let logE = 0
  let alarmAt: number | null = null

  return {
    observe(version, at) {
      const counter = counters.get(version) ?? counterOf(counters, normalizeVersion(version), declared)
      counter.count += 1
      total += 1
      logE = nextLogE(counter)
      if (alarmAt === null && logE >= threshold) alarmAt = total
      history.note(total, counts, at)
    },
    verdict: options => judgeEvidence(evidence(), options),
    get purchases() {
      return total
    },
    get alarmAt() {
      return alarmAt
    }
  }

  function nextLogE({ bet }: Counter): number {
    if (declared === null || logE === Infinity) return logE
    return bet === undefined ? Infinity : eProcess.observe(bet)
  }

  function evidence(): Evidence {
    const tallies = [...counters.values()]
    const checkpoints = history.checkpoints()
    return {
      declared,
      alpha,
      tallies,
      total,
      logE,
      alarmAt,
      alarmed: alarmAt !== null,
      checkpoints
    }
  }
}

function declaredCounters(declared: Split | null): Map<string, Counter> {
  let bets = 0
  const entries = Object.entries(declared ?? {}).map(([version, share]): [string, Counter] => {
    const bet = share > 0 ? bets++ : undefined
    return [version, { version, declared: share, unknown: false, count: 0, bet }]
  })
  return new Map(entries)
}

function isPossible(counter: Counter): counter is Counter & { readonly declared: number } {
  return counter.bet !== undefined
}

/** The counter of a version, made when it is new; from the 33rd undeclared name on, one for all. */
function counterOf(counters: Map<string, Counter>, version: string, declared: Split | null): Counter {
  const known = counters.get(version)
  if (known !== undefined) return known
  const undeclared = counters.size - Object.keys(declared ?? {}).length
  const name = undeclared < MOST_UNDECLARED ? version : OTHER_VERSIONS
  const counter = counters.get(name) ?? {
    version: name,
    declared: declared === null ? null : 0,
    unknown: declared !== null,
    count: 0,
    bet: undefined
  }
  counters.set(name, counter)
  return counter
}
