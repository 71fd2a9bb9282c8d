import { boundsIn, type Expected } from './bounds.ts'
import { findChange } from './change.ts'
import { type Counters, createCounters } from './counters.ts'
import { createDriftBets, type Drifted } from './drift-bets.ts'
import type { Change, Evidence, Passed, Stretch, Tallied } from './evidence.ts'
import { createExactTest } from './exact-test.ts'
import { createHistory } from './history.ts'
import { passes, strayedBeyond } from './sureness.ts'

/** The evidence for and against one split, purchase by purchase. */
export interface SplitTest {
  observe(version: string, at?: number): void
  evidence(): Evidence
  readonly purchases: number
  readonly alarmAt: number | null
  readonly hasFailed: boolean
}

export interface SplitTestOptions extends Expected {
  readonly alpha: number
}

// The bets against the bounds must find both what was beyond them from the start and what goes there later.
const FROM_START = 0.5
const BEYOND_SHIFTS = [0.1, 0.4, 1.5]

const ALL: Stretch = { since: 0, version: null, before: 0 }

/** Starts with no purchases. */
export function createSplitTest(options: SplitTestOptions): SplitTest {
  const { declared, alpha, ranges } = options
  // ranges are all that is declared then, and no exact shares
  const isRange = ranges !== undefined
  const threshold = -Math.log(alpha)
  const counters = createCounters(declared, boundsIn(options))
  const exact = createExactTest(counters.possible.map(({ declared }) => declared))
  const beyond = createDriftBets({
    bounds: counters.possible.map(({ bounds }) => bounds),
    fromStart: FROM_START,
    shifts: BEYOND_SHIFTS
  })
  const history = createHistory()
  let total = 0
  let logE = 0
  let alarmAt: number | null = null
  let passed: Passed | null = null
  let stretch: Stretch | null = null
  let hasFailed = false
  let change: Change | undefined

  return {
    observe(version, at) {
      const counter = counters.of(version)
      counter.count += 1
      total += 1
      if (declared === null) return
      if (counter.bet === undefined) sellImpossible()
      else if (logE !== Infinity) bet(counter.bet)
      if (passed === null && passes(tallied())) passed = { at: total, counts: counters.counts() }
      if (!hasFailed) history.note(total, counters.counts, at)
    },
    evidence,
    get purchases() {
      return total
    },
    get alarmAt() {
      return alarmAt
    },
    get hasFailed() {
      return hasFailed
    }
  }

  function tallied(): Tallied {
    return { tallies: counters.all(), total, alpha }
  }

  function sellImpossible(): void {
    logE = Infinity
    alarmAt ??= total
    stretch ??= ALL
    if (!hasFailed) fail()
  }

  function bet(index: number): void {
    const logBeyond = Math.log(beyond.observe(index))
    logE = isRange ? logBeyond : exact.observe(index)
    if (alarmAt === null && logE >= threshold) {
      alarmAt = total
      stretch = stretchOf(isRange ? beyond.mostLikely() : exact.drifted(), counters)
    }
    if (stretch === null || hasFailed) return
    if (logBeyond >= threshold) {
      // all the money on the bounds is on drifts that may be later than the one of the alarm
      if (!strayedBeyond(tallied(), stretch)) stretch = stretchOf(beyond.mostLikely(), counters)
      fail()
    } else if (strayedBeyond(tallied(), stretch)) fail()
  }

  function fail(): void {
    hasFailed = true
    change = findChange({ ...tallied(), checkpoints: history.checkpoints() })
  }

  function stretchOf(drifted: Drifted | undefined, { possible }: Counters): Stretch {
    const counter = drifted && possible[drifted.version]
    if (drifted === undefined || counter === undefined) return ALL
    return { since: drifted.since, version: counter.version, before: counter.count - drifted.count }
  }

  function evidence(): Evidence {
    return { ...options, ...tallied(), logE, alarmAt, passed, stretch, hasFailed, change }
  }
}
