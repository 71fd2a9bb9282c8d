import type { Split } from '@bookstore/contract'
import { intervalContains } from '../src/interval.ts'
import { createSplitMonitor } from '../src/split-monitor.ts'
import { createSplitTest, type SplitTest } from '../src/split-test.ts'
import { type Random, versionDrawer } from './seeded-random.ts'

export const ALPHA = 0.01
const TOLERANCE = 0.05

/** The test of a split with the default tolerance. */
function testOf(declared: Split, alpha = ALPHA): SplitTest {
  return createSplitTest({ declared, alpha, tolerance: TOLERANCE })
}

/** How many of `runs` may go wrong at rate alpha with three standard deviations of luck. */
export function allowance(runs: number, alpha: number): number {
  return Math.floor(runs * alpha + 3 * Math.sqrt(runs * alpha * (1 - alpha)))
}

/** `1.25 %`. */
export function rate(number: number, runs: number): string {
  return `${((number / runs) * 100).toFixed(2)} %`
}

/** A correct split that many people watch, each at every purchase. */
export interface WatchOptions {
  readonly split: Split
  readonly alpha: number
  readonly runs: number
  readonly purchases: number
  readonly random: Random
}

/** In how many runs something went wrong at any purchase. */
export interface Watched {
  readonly alarms: number
  readonly misses: number
}

/** Counts the runs of a correct split with a false alarm, or with an interval that misses a true share. */
export function watchCorrectSplit(options: WatchOptions): Watched {
  let alarms = 0
  let misses = 0
  for (let run = 0; run < options.runs; run++) {
    const seen = watchOnce(options)
    if (seen.alarmed) alarms += 1
    if (seen.missed) misses += 1
  }
  return { alarms, misses }
}

function watchOnce({ split, alpha, purchases, random }: WatchOptions) {
  const test = testOf(split, alpha)
  const draw = versionDrawer(split, random)
  const counts = new Map(Object.keys(split).map(version => [version, 0]))
  let missed = false
  for (let total = 1; total <= purchases; total++) {
    const version = draw()
    test.observe(version)
    counts.set(version, (counts.get(version) ?? 0) + 1)
    if (!missed) missed = missesOne(split, counts, total, alpha)
  }
  return { alarmed: test.alarmAt !== null, missed }
}

function missesOne(split: Split, counts: ReadonlyMap<string, number>, total: number, alpha: number) {
  const versions = Object.entries(split)
  // Of two versions the second interval is the mirror image of the first.
  const checked = versions.length === 2 ? versions.slice(0, 1) : versions
  const each = versions.length === 2 ? alpha : alpha / versions.length
  return checked.some(([version, share]) => {
    const evidence = { count: counts.get(version) ?? 0, total, centre: share, alpha: each }
    return !intervalContains(evidence, share)
  })
}

/** A split that is not what was declared, perhaps after a correct past. */
export interface Drifting {
  readonly declared: Split
  readonly truth: Split
  /** Correct purchases before. */
  readonly after?: number
  readonly most?: number
  readonly random: Random
}

/**
 * Purchases until the alarm and until the fail, from the drift on; Infinity when `most` were not enough for a fail. The
 * alarm is waited for.
 */
export function purchasesUntil({ declared, truth, after = 0, most = Infinity, random }: Drifting): {
  readonly alarm: number
  readonly fail: number
} {
  const monitor = createSplitMonitor({ declared })
  const before = versionDrawer(declared, random)
  while (monitor.purchases < after) monitor.observe(before())
  const draw = versionDrawer(truth, random)
  while (monitor.alarmAt === null) monitor.observe(draw())
  while (monitor.status !== 'fail' && monitor.purchases < after + most) monitor.observe(draw())
  return {
    alarm: Math.max(0, monitor.alarmAt - after),
    fail: monitor.status === 'fail' ? Math.max(0, monitor.purchases - after) : Infinity
  }
}

/** Purchases until the alarm when the truth is not what was declared; Infinity when `most` were not enough. */
export function purchasesToAlarm({
  declared,
  truth,
  alpha,
  most,
  random
}: {
  readonly declared: Split
  readonly truth: Split
  readonly alpha: number
  readonly most: number
  readonly random: Random
}): number {
  const test = testOf(declared, alpha)
  const draw = versionDrawer(truth, random)
  while (test.alarmAt === null && test.purchases < most) test.observe(draw())
  return test.alarmAt ?? Number.POSITIVE_INFINITY
}

// Rarely dependence is found where there is none, and then nothing is judged any more.
const GIVEN_UP = 100_000

/** Purchases until the split passes, looked at every `every` purchases; Infinity when 100,000 were not enough. */
export function purchasesToPass(options: {
  readonly split: Split
  readonly every: number
  readonly random: Random
}): number {
  const test = createSplitMonitor({ declared: options.split })
  const draw = versionDrawer(options.split, options.random)
  do {
    for (let bought = 0; bought < options.every; bought++) test.observe(draw())
  } while (test.status === 'pending' && test.purchases < GIVEN_UP)
  return test.status === 'pending' ? Infinity : test.purchases
}

/** The middle value; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value below which the given part of the values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN
}
