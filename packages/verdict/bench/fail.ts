import { formatSplit, parseSplit } from '@bookstore/contract'
import { cells, type Report } from './report.ts'
import type { Row } from './row.ts'
import type { Random } from './seeded-random.ts'
import { median, purchasesUntil, quantile } from './simulation.ts'

const EVEN = parseSplit('v1=50,v2=50')
const PHASES = 2_000
const GIVEN_UP = 100_000

const TABLE = [
  'A split of 50/50 goes wrong after so many correct purchases, and up to 2,000 more at random: purchases until the',
  'alarm and until the fail, ± 5 points, medians, and the fail of 9 in 10 runs',
  cells(['50/50 becomes', 'after', 'runs', 'alarm', 'fail', '90 %'])
]

interface Late {
  readonly truth: string
  readonly after: number
  readonly runs: number
  /** The targets of the medians, if any. */
  readonly mostToFail?: number
  readonly mostToAlarm?: number
}

/** How soon a split fails that is beyond the tolerance: from the start, and after a long correct past. */
export const FAIL_ROWS: readonly Row[] = [
  // 282 was the median when every alarm was a fail
  row('fail-60', 6, { truth: 'v1=60,v2=40', after: 0, runs: 4_000, mostToFail: Math.floor(1.1 * 282) }),
  row('fail-75', 2, { truth: 'v1=75,v2=25', after: 0, runs: 2_000 }),
  row('fail-57', 15, { truth: 'v1=57,v2=43', after: 0, runs: 500 }),
  row('late-60-10-thousand', 8, { truth: 'v1=60,v2=40', after: 10_000, runs: 500 }),
  row('late-60-100-thousand', 25, { truth: 'v1=60,v2=40', after: 100_000, runs: 200 }),
  row('late-55-100-thousand', 25, { truth: 'v1=55,v2=45', after: 100_000, runs: 200, mostToAlarm: 3_670 }),
  row('late-60-million', 60, { truth: 'v1=60,v2=40', after: 1_000_000, runs: 50, mostToFail: 1_200 }),
  row('late-100-million', 60, { truth: 'v1=100,v2=0', after: 1_000_000, runs: 50, mostToFail: 60 })
]

function row(name: string, seconds: number, late: Late): Row {
  return { name, table: TABLE, seconds, measure: (report, random) => soon(report, random, late) }
}

function soon(report: Report, random: Random, { truth, after, runs, mostToFail, mostToAlarm }: Late): void {
  const split = parseSplit(truth)
  // what is at the edge of the tolerance never has to fail
  const most = mostToAlarm === undefined ? GIVEN_UP : 0
  const times = Array.from({ length: runs }, () => {
    const phase = after === 0 ? 0 : Math.floor(random() * PHASES)
    return purchasesUntil({ declared: EVEN, truth: split, after: after + phase, most, random })
  })
  const fails = times.map(({ fail }) => fail)
  const alarm = median(times.map(time => time.alarm))
  const told = mostToAlarm === undefined ? [median(fails), quantile(fails, 0.9)] : ['', '']
  report.line(cells([formatSplit(split), after, runs, alarm, ...told]))
  if (mostToFail !== undefined) report.target(`fails within ${mostToFail} in the median`, median(fails) <= mostToFail)
  if (mostToAlarm !== undefined) report.target(`alarm within ${mostToAlarm} in the median`, alarm <= mostToAlarm)
}
