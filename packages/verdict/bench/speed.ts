import { formatSplit, parseSplit, type Split } from '@bookstore/contract'
import { createSplitMonitor } from '../src/split-monitor.ts'
import { drawVersion, seededRandom } from './seeded-random.ts'
import { median, purchasesToAlarm, purchasesToPass, quantile } from './simulation.ts'
import { type Report, row } from './targets.ts'

const ALPHA = 0.01
const RUNS = 1_000
const WORST_RATIO = 1.8
const MEAN_RATIO = 1.45

/** A wrong split: what was declared and what really happens. */
export interface Drift {
  readonly declared: Split
  readonly truth: Split
}

/** The drifts of the promise. */
export const DRIFTS: readonly Drift[] = [
  ['v1=50,v2=50', 'v1=60,v2=40'],
  ['v1=50,v2=50', 'v1=55,v2=45'],
  ['v1=50,v2=50', 'v1=75,v2=25'],
  ['v1=90,v2=10', 'v1=80,v2=20'],
  ['v1=90,v2=10', 'v1=100,v2=0'],
  ['v1=25,v2=75', 'v1=50,v2=50'],
  ['v1=99,v2=1', 'v1=95,v2=5'],
  ['v1=40,v2=30,v3=30', 'v1=34,v2=33,v3=33']
].map(([declared = '', truth = '']) => ({
  declared: parseSplit(declared),
  truth: parseSplit(truth)
}))

/** The bound: ln(1/alpha) / KL(truth || declared) purchases. */
export function leastPurchases({ declared, truth }: Drift, alpha: number): number {
  const divergence = Object.entries(truth).reduce(
    (sum, [version, share]) => sum + (share === 0 ? 0 : share * Math.log(share / (declared[version] ?? 0))),
    0
  )
  return -Math.log(alpha) / divergence
}

/** How many purchases a wrong split takes to be found, against the bound. */
export function benchDetection(report: Report): void {
  report.line(`\nDetection: median of ${RUNS} runs, alpha ${ALPHA}, bound ln(1/alpha) / KL(truth || declared)`)
  report.line(row(['declared -> truth', 'bound', 'median', '90 %', 'median/bound']))
  const ratios = DRIFTS.map((drift, index) => {
    const bound = leastPurchases(drift, ALPHA)
    const random = seededRandom(4_711 + index)
    const most = Math.ceil(bound * 20)
    const times = Array.from({ length: RUNS }, () => purchasesToAlarm({ ...drift, alpha: ALPHA, most, random }))
    const ratio = median(times) / bound
    const name = `${formatSplit(drift.declared)} -> ${formatSplit(drift.truth)}`
    report.line(row([name, bound.toFixed(0), median(times), quantile(times, 0.9), ratio.toFixed(2)]))
    return ratio
  })
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
  report.target(
    `each at most ${WORST_RATIO}: worst ${Math.max(...ratios).toFixed(2)}`,
    Math.max(...ratios) <= WORST_RATIO
  )
  report.target(`geometric mean at most ${MEAN_RATIO}: ${mean.toFixed(3)}`, mean <= MEAN_RATIO)
}

/** How many purchases a correct split takes to pass, and how many the first look says are missing. */
export function benchPass(report: Report): void {
  report.line('\nPass of a correct split, ± 5 points, 300 runs, looked at every 20 purchases')
  report.line(row(['split', 'median', '10 %', '90 %', 'estimate']))
  for (const [index, text] of ['v1=50,v2=50', 'v1=90,v2=10', 'v1=100,v2=0', 'v1=40,v2=30,v3=30'].entries()) {
    const split = parseSplit(text)
    const random = seededRandom(31 + index)
    const times = Array.from({ length: 300 }, () => purchasesToPass({ split, every: 20, random }))
    const test = createSplitMonitor({ declared: split })
    test.observe('v1')
    const estimate = test.verdict().missing ?? 0
    report.line(row([formatSplit(split), median(times), quantile(times, 0.1), quantile(times, 0.9), estimate + 1]))
  }
}

/** How many purchases a split takes to be found that goes wrong after a long correct run. */
export function benchLateDrift(report: Report): void {
  report.line('\nGoes wrong later: 50/50 becomes 60/40, median of 50 runs')
  report.line(row(['after correct purchases', 'median', '90 %']))
  for (const correct of [1_000, 10_000, 100_000]) {
    const random = seededRandom(correct)
    const times = Array.from({ length: 50 }, () => lateDrift(correct, random))
    report.line(row([correct, median(times), quantile(times, 0.9)]))
  }
}

function lateDrift(correct: number, random: () => number): number {
  const declared = parseSplit('v1=50,v2=50')
  const truth = parseSplit('v1=60,v2=40')
  const test = createSplitMonitor({ declared, alpha: ALPHA })
  for (let bought = 0; bought < correct; bought++) test.observe(drawVersion(declared, random))
  while (test.alarmAt === null) test.observe(drawVersion(truth, random))
  return test.purchases - correct
}
