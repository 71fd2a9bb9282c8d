import { formatSplit, parseSplit, type Split } from '@bookstore/contract'
import { statusOf } from '../src/judge-evidence.ts'
import { seededRandom, versionDrawer } from './seeded-random.ts'
import { ALPHA, allowance, median, purchasesUntil, quantile, rate, testOf } from './simulation.ts'
import { type Report, row } from './targets.ts'

const RUNS = 2_000
const EVEN = parseSplit('v1=50,v2=50')

/** How soon a split that is beyond the tolerance fails: from the start, and after a long correct past. */
export function benchFail(report: Report): void {
  report.line('\nFail, ± 5 points; a correct past ends at a random purchase')
  report.line(row(['50/50 becomes', 'after', 'runs', 'alarm', 'fail', '90 %']))
  // 282 was the median before the tolerance counted
  soon(report, { truth: 'v1=60,v2=40', after: 0, runs: 2_000, most: 310 })
  soon(report, { truth: 'v1=75,v2=25', after: 0, runs: 2_000 })
  soon(report, { truth: 'v1=57,v2=43', after: 0, runs: 200 })
  soon(report, { truth: 'v1=60,v2=40', after: 10_000, runs: 500 })
  soon(report, { truth: 'v1=60,v2=40', after: 100_000, runs: 200 })
  soon(report, { truth: 'v1=60,v2=40', after: 1_000_000, runs: 60, most: 1_200 })
  soon(report, { truth: 'v1=100,v2=0', after: 1_000_000, runs: 30, most: 60 })
}

interface Late {
  readonly truth: string
  readonly after: number
  readonly runs: number
  /** The target of the median; undefined where there is none. */
  readonly most?: number
}

function soon(report: Report, { truth, after, runs, most }: Late): void {
  const random = seededRandom(after + runs)
  const split = parseSplit(truth)
  const times = Array.from({ length: runs }, () => {
    const phase = after === 0 ? 0 : Math.floor(random() * 2_000)
    return purchasesUntil({ declared: EVEN, truth: split, after: after + phase, most: 100_000, random })
  })
  const fails = times.map(({ fail }) => fail)
  const alarm = median(times.map(time => time.alarm))
  report.line(row([formatSplit(split), after, runs, alarm, median(fails), quantile(fails, 0.9)]))
  if (most !== undefined) report.target(`fails within ${most} in the median`, median(fails) <= most)
}

/** What is not exact, and within the tolerance: how often does it fail all the same, and does it pass at the end? */
export function benchWithin(report: Report): void {
  report.line('\nNot exact, but within ± 5 points: alarms, fails and passes at the end')
  report.line(row(['declared -> truth', 'purchases', 'runs', 'alarm', 'fail', 'pass', 'not yet']))
  const third = { declared: parseSplit('v1=1,v2=2'), truth: parseSplit('v1=33,v2=67') }
  const thirds = { declared: parseSplit('v1=1,v2=1,v3=1'), truth: parseSplit('v1=34,v2=33,v3=33') }
  const near = (first: number) => ({ declared: EVEN, truth: parseSplit(`v1=${first},v2=${100 - first}`) })
  within(report, { ...near(51), purchases: 20_000, runs: RUNS, isTarget: true })
  within(report, { ...near(52), purchases: 20_000, runs: RUNS, isTarget: true })
  within(report, { ...third, purchases: 20_000, runs: RUNS, isTarget: true })
  within(report, { ...third, purchases: 1_000_000, runs: 40, isTarget: true })
  within(report, { ...thirds, purchases: 20_000, runs: RUNS, isTarget: true })
  within(report, { ...thirds, purchases: 1_000_000, runs: 20, isTarget: true })
  within(report, { ...near(52), after: 20_000, purchases: 20_000, runs: RUNS, isTarget: true })
  within(report, { ...near(53), purchases: 20_000, runs: 500, isTarget: false })
  within(report, { ...near(54), purchases: 50_000, runs: 200, isTarget: false })
}

interface Within {
  readonly declared: Split
  readonly truth: Split
  readonly after?: number
  readonly purchases: number
  readonly runs: number
  readonly isTarget: boolean
}

function within(report: Report, { declared, truth, after = 0, purchases, runs, isTarget }: Within): void {
  const random = seededRandom(purchases + runs)
  const found = { alarm: 0, fail: 0, pass: 0, pending: 0 }
  for (let run = 0; run < runs; run++) {
    const test = testOf(declared)
    const before = versionDrawer(declared, random)
    const draw = versionDrawer(truth, random)
    const start = after === 0 ? 0 : after + Math.floor(random() * 2_000)
    while (test.purchases < start) test.observe(before())
    while (test.purchases < start + purchases && !test.hasFailed) test.observe(draw())
    if (test.alarmAt !== null) found.alarm += 1
    found[statusOf(test.evidence())] += 1
  }
  const name = `${formatSplit(declared)} -> ${formatSplit(truth)}${after === 0 ? '' : `, after ${after}`}`
  const rates = [found.alarm, found.fail, found.pass, found.pending].map(number => rate(number, runs))
  report.line(row([name, purchases, runs, ...rates], 10))
  if (isTarget) {
    const most = allowance(runs, ALPHA)
    report.target(`fails in at most ${most} runs (1 % and three deviations)`, found.fail <= most)
  }
}

/** A pass that goes back to "not yet", and a change that is named though nothing changed. */
export function benchSteadiness(report: Report): void {
  report.line(`\nCorrect splits: passes that went back, ${RUNS} runs of 10,000, looked at every 20 purchases`)
  for (const [index, text] of ['v1=50,v2=50', 'v1=90,v2=10'].entries()) {
    const random = seededRandom(61 + index)
    const split = parseSplit(text)
    let back = 0
    for (let run = 0; run < RUNS; run++) if (goesBack(split, random)) back += 1
    report.line(row([formatSplit(split), back, rate(back, RUNS)]))
    report.target('at most 5 %', back <= 0.05 * RUNS)
  }
  report.line(`\nWrong from the start: a change is named all the same, ${RUNS} runs until the fail`)
  for (const [index, truth] of ['v1=60,v2=40', 'v1=75,v2=25'].entries()) {
    const random = seededRandom(77 + index)
    let named = 0
    for (let run = 0; run < RUNS; run++) if (namesChange(parseSplit(truth), random)) named += 1
    report.line(row([`50/50 -> ${formatSplit(parseSplit(truth))}`, named, rate(named, RUNS)]))
    report.target(`at most ${allowance(RUNS, ALPHA)}`, named <= allowance(RUNS, ALPHA))
  }
}

function goesBack(split: Split, random: () => number): boolean {
  const test = testOf(split)
  const draw = versionDrawer(split, random)
  let hasPassed = false
  while (test.purchases < 10_000) {
    for (let bought = 0; bought < 20; bought++) test.observe(draw())
    const isPass = statusOf(test.evidence()) === 'pass'
    if (hasPassed && !isPass) return true
    hasPassed = isPass
  }
  return false
}

function namesChange(truth: Split, random: () => number): boolean {
  const test = testOf(EVEN)
  const draw = versionDrawer(truth, random)
  while (!test.hasFailed) test.observe(draw())
  return test.evidence().change !== undefined
}
