import { formatSplit, parseSplit, type Split } from '@bookstore/contract'
import { cells } from './report.ts'
import type { Row } from './row.ts'
import { ALPHA, allowance, rate, watchCorrectSplit } from './simulation.ts'

/** The correct splits of the promise. */
export const CORRECT_SPLITS: readonly Split[] = ['v1=50,v2=50', 'v1=90,v2=10', 'v1=99,v2=1', 'v1=40,v2=30,v3=30'].map(
  parseSplit
)

const PURCHASES = 5_000
const RUNS = 2_000

const TABLE = [
  `Correct splits, watched at every one of ${PURCHASES} purchases, alpha ${ALPHA}: alarms and intervals that miss in ${RUNS} runs`,
  cells(['split', 'alarms', 'rate', 'misses', 'rate'])
]

/** Correct splits watched at every purchase: how often is there an alarm, or an interval that misses? */
export const FALSE_ALARM_ROWS: readonly Row[] = CORRECT_SPLITS.map(split => ({
  name: `correct-${formatSplit(split).replaceAll('/', '-')}`,
  table: TABLE,
  seconds: 45,
  measure(report, random) {
    const options = { split, alpha: ALPHA, purchases: PURCHASES, runs: RUNS, random }
    const { alarms, misses } = watchCorrectSplit(options)
    report.line(cells([formatSplit(split), alarms, rate(alarms, RUNS), misses, rate(misses, RUNS)]))
    const most = allowance(RUNS, ALPHA)
    report.target(
      `at most ${most} alarms and ${most} misses (1 % and three deviations)`,
      Math.max(alarms, misses) <= most
    )
  }
}))
