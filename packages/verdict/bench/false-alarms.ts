import { formatSplit, parseSplit, type Split } from '@bookstore/contract'
import { findChangePoint } from '../src/change-point.ts'
import { createHistory } from '../src/history.ts'
import { drawVersion, seededRandom } from './seeded-random.ts'
import { watchCorrectSplit } from './simulation.ts'
import { type Report, row } from './targets.ts'

/** The correct splits of the promise. */
export const CORRECT_SPLITS: readonly Split[] = ['v1=50,v2=50', 'v1=90,v2=10', 'v1=99,v2=1', 'v1=40,v2=30,v3=30'].map(
  parseSplit
)

const ALPHA = 0.01
const PURCHASES = 5_000
const RUNS = 2_000
// An update is cheap beside the check of an interval, so alarms are counted over more runs.
const ALARM_RUNS = 10_000

/** How many of `runs` may go wrong at rate alpha with three standard deviations of luck. */
export function allowance(runs: number, alpha: number): number {
  return Math.floor(runs * alpha + 3 * Math.sqrt(runs * alpha * (1 - alpha)))
}

/** Correct splits watched at every purchase: how often is there an alarm, or an interval that misses? */
export function benchFalseAlarms(report: Report): void {
  report.line(`\nCorrect splits, watched at every one of ${PURCHASES} purchases, alpha ${ALPHA}`)
  report.line(`alarms in ${ALARM_RUNS} runs, intervals that miss in ${RUNS} runs`)
  report.line(row(['split', 'alarms', 'rate', 'misses', 'rate']))
  for (const [index, split] of CORRECT_SPLITS.entries()) {
    const options = {
      split,
      alpha: ALPHA,
      purchases: PURCHASES,
      random: seededRandom(20_260 + index)
    }
    const { alarms } = watchCorrectSplit({ ...options, runs: ALARM_RUNS, intervals: false })
    const { misses } = watchCorrectSplit({ ...options, runs: RUNS, intervals: true })
    report.line(row([formatSplit(split), alarms, rate(alarms, ALARM_RUNS), misses, rate(misses, RUNS)]))
    const most = [allowance(ALARM_RUNS, ALPHA), allowance(RUNS, ALPHA)] as const
    const sentence = `at most ${most[0]} alarms and ${most[1]} misses (1 % and three deviations)`
    report.target(sentence, alarms <= most[0] && misses <= most[1])
  }
}

/** Unchanged shares: how often is a change found all the same? One look at the end of each run. */
export function benchFalseChanges(report: Report): void {
  report.line(`\nChanges found in unchanged shares, ${RUNS} runs, one look after ${PURCHASES} purchases`)
  for (const [index, split] of CORRECT_SPLITS.entries()) {
    const random = seededRandom(777 + index)
    let found = 0
    for (let run = 0; run < RUNS; run++) if (findsChange(split, random)) found += 1
    report.line(row([formatSplit(split), found, rate(found, RUNS)]))
    report.target(`at most ${allowance(RUNS, ALPHA)}`, found <= allowance(RUNS, ALPHA))
  }
}

function findsChange(split: Split, random: () => number): boolean {
  const history = createHistory()
  const counts = new Map(Object.keys(split).map(version => [version, 0]))
  for (let total = 1; total <= PURCHASES; total++) {
    const version = drawVersion(split, random)
    counts.set(version, (counts.get(version) ?? 0) + 1)
    history.note(total, () => [...counts.values()], undefined)
  }
  return findChangePoint(history.checkpoints(), [...counts.values()], ALPHA) !== undefined
}

function rate(number: number, runs: number): string {
  return `${((number / runs) * 100).toFixed(2)} %`
}
