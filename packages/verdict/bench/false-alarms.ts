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
// An update is cheap beside the check of an interval, so alarms are counted over more runs.
const ALARM_RUNS = 5_000

const TABLE = [
  `Correct splits, watched at every one of ${PURCHASES} purchases, alpha ${ALPHA}:`,
  `alarms in ${ALARM_RUNS} runs, intervals that miss in ${RUNS} runs`,
  cells(['split', 'alarms', 'rate', 'misses', 'rate'])
]

/** Correct splits watched at every purchase: how often is there an alarm, or an interval that misses? */
export const FALSE_ALARM_ROWS: readonly Row[] = CORRECT_SPLITS.map(split => ({
  name: `correct-${formatSplit(split).replaceAll('/', '-')}`,
  table: TABLE,
  seconds: 90,
  measure(report, random) {
    const options = { split, alpha: ALPHA, purchases: PURCHASES, random }
    const { alarms } = watchCorrectSplit({ ...options, runs: ALARM_RUNS, intervals: false })
    const { misses } = watchCorrectSplit({ ...options, runs: RUNS, intervals: true })
    report.line(cells([formatSplit(split), alarms, rate(alarms, ALARM_RUNS), misses, rate(misses, RUNS)]))
    const most = [allowance(ALARM_RUNS, ALPHA), allowance(RUNS, ALPHA)] as const
    const sentence = `at most ${most[0]} alarms and ${most[1]} misses (1 % and three deviations)`
    report.target(sentence, alarms <= most[0] && misses <= most[1])
  }
}))
