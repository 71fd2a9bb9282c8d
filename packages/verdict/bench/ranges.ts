import { formatSplit, parseExpectation, parseSplit } from '@bookstore/contract'
import { createSplitMonitor } from '../src/split-monitor.ts'
import { cells, type Report } from './report.ts'
import type { Row } from './row.ts'
import { type Random, versionDrawer } from './seeded-random.ts'
import { ALPHA, allowance, median, rate } from './simulation.ts'

const RUNS = 2_000
const PURCHASES = 10_000
const LOOK_EVERY = 20
const EXPECTED = parseExpectation('v1=88..92,v2=8..12')

const TABLE = [
  `Expected 88..92/8..12, ${RUNS} runs of ${PURCHASES}, looked at every ${LOOK_EVERY} purchases: ever a fail, ever a pass, and after`,
  'how many purchases in the median',
  cells(['truth', 'fail', 'pass', 'after'])
]

/** Ranges instead of exact shares: what is within must not fail, what is beyond must not pass. */
export const RANGE_ROWS: readonly Row[] = [
  row('range-middle', 'v1=90,v2=10', 'fail'),
  row('range-edge', 'v1=92,v2=8', 'fail'),
  row('range-beyond', 'v1=87,v2=13', 'pass'),
  row('range-far', 'v1=80,v2=20', 'pass')
]

function row(name: string, truth: string, wrong: 'fail' | 'pass'): Row {
  return { name, table: TABLE, seconds: 40, measure: (report, random) => watchAll(report, random, truth, wrong) }
}

function watchAll(report: Report, random: Random, truth: string, wrong: 'fail' | 'pass'): void {
  const found = { fail: 0, pass: 0 }
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const { said, purchases } = watch(random, truth)
    if (said.has('fail')) found.fail += 1
    if (said.has('pass')) found.pass += 1
    times.push(purchases)
  }
  report.line(cells([formatSplit(parseSplit(truth)), rate(found.fail, RUNS), rate(found.pass, RUNS), median(times)]))
  const most = allowance(RUNS, ALPHA)
  report.target(`wrong ${wrong} in at most ${most} (1 % and three deviations)`, found[wrong] <= most)
}

function watch(random: Random, truth: string): { said: ReadonlySet<string>; purchases: number } {
  const monitor = createSplitMonitor({ declared: EXPECTED.split, ranges: EXPECTED.ranges })
  const draw = versionDrawer(parseSplit(truth), random)
  const said = new Set<string>()
  let purchases = Infinity
  while (monitor.purchases < PURCHASES && !said.has('fail')) {
    for (let bought = 0; bought < LOOK_EVERY; bought++) monitor.observe(draw())
    const { status } = monitor
    if (status === 'pending') continue
    said.add(status)
    if (purchases === Infinity) ({ purchases } = monitor)
  }
  return { said, purchases }
}
