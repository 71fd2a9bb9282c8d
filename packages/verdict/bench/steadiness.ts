import { formatSplit, parseSplit, type Split } from '@bookstore/contract'
import { createSplitMonitor } from '../src/split-monitor.ts'
import { cells } from './report.ts'
import type { Row } from './row.ts'
import { type Random, versionDrawer } from './seeded-random.ts'
import { ALPHA, allowance, rate } from './simulation.ts'

const RUNS = 2_000
const PURCHASES = 10_000
const LOOK_EVERY = 20
// Rarely dependence is found where there is none, and then nothing is judged any more.
const GIVEN_UP = 10_000
const EVEN = parseSplit('v1=50,v2=50')

const HELD_TABLE = [
  `Correct splits: passes that went back, ${RUNS} runs of ${PURCHASES}, looked at every ${LOOK_EVERY} purchases`,
  cells(['split', 'runs', 'rate'])
]
const CHANGED_TABLE = [
  `Wrong from the start: a change is named all the same, ${RUNS} runs until the fail`,
  cells(['50/50 that is', 'runs', 'rate'])
]

/** A pass that goes back to "not yet", and a change that is named though nothing changed. */
export const STEADY_ROWS: readonly Row[] = [
  held('held-50', 'v1=50,v2=50'),
  held('held-90', 'v1=90,v2=10'),
  held('held-99', 'v1=99,v2=1'),
  changed('changed-60', 'v1=60,v2=40'),
  changed('changed-75', 'v1=75,v2=25')
]

function held(name: string, text: string): Row {
  const split = parseSplit(text)
  return {
    name,
    table: HELD_TABLE,
    seconds: 45,
    measure(report, random) {
      const back = countRuns(() => goesBack(split, random))
      report.line(cells([formatSplit(split), back, rate(back, RUNS)]))
      report.target('at most 5 %', back <= 0.05 * RUNS)
    }
  }
}

function changed(name: string, text: string): Row {
  const truth = parseSplit(text)
  return {
    name,
    table: CHANGED_TABLE,
    seconds: 3,
    measure(report, random) {
      const named = countRuns(() => namesChange(truth, random))
      const most = allowance(RUNS, ALPHA)
      report.line(cells([formatSplit(truth), named, rate(named, RUNS)]))
      report.target(`at most ${most} (1 % and three deviations)`, named <= most)
    }
  }
}

function countRuns(happens: () => boolean): number {
  let runs = 0
  for (let run = 0; run < RUNS; run++) if (happens()) runs += 1
  return runs
}

function goesBack(split: Split, random: Random): boolean {
  const monitor = createSplitMonitor({ declared: split })
  const draw = versionDrawer(split, random)
  let hasPassed = false
  while (monitor.purchases < PURCHASES) {
    for (let bought = 0; bought < LOOK_EVERY; bought++) monitor.observe(draw())
    const isPass = monitor.status === 'pass'
    if (hasPassed && !isPass) return true
    hasPassed = isPass
  }
  return false
}

function namesChange(truth: Split, random: Random): boolean {
  const monitor = createSplitMonitor({ declared: EVEN })
  const draw = versionDrawer(truth, random)
  do monitor.observe(draw())
  while ((monitor.alarmAt === null || monitor.status !== 'fail') && monitor.purchases < GIVEN_UP)
  return monitor.verdict().causes.some(({ code }) => code === 'changed')
}
