import { formatSplit, parseSplit, type Split } from '@bookstore/contract'
import { createSplitMonitor } from '../src/split-monitor.ts'
import { cells, type Report } from './report.ts'
import type { Row } from './row.ts'
import type { Random } from './seeded-random.ts'
import { ALPHA, median, purchasesToAlarm, purchasesToPass, quantile } from './simulation.ts'

const RUNS = 1_000
const PASS_RUNS = 300
const WORST_RATIO = 1.8
const WORST_RATIO_OF_MANY = 2
const MEAN_RATIO = 1.45

/** A wrong split: what was declared and what really happens. */
export interface Drift {
  readonly declared: Split
  readonly truth: Split
}

/** The drifts of the promise. */
export const DRIFTS = drifts([
  ['v1=50,v2=50', 'v1=60,v2=40'],
  ['v1=50,v2=50', 'v1=55,v2=45'],
  ['v1=50,v2=50', 'v1=75,v2=25'],
  ['v1=90,v2=10', 'v1=80,v2=20'],
  ['v1=90,v2=10', 'v1=100,v2=0'],
  ['v1=25,v2=75', 'v1=50,v2=50'],
  ['v1=99,v2=1', 'v1=95,v2=5'],
  ['v1=40,v2=30,v3=30', 'v1=34,v2=33,v3=33']
])

/** Drifts of one version or two among many. */
const DRIFTS_AMONG_MANY = drifts([
  [equal(10), `v1=9,${equal(9, 2, 19)}`],
  ['v1=97,v2=1,v3=1,v4=1', 'v1=94,v2=2,v3=2,v4=2'],
  [equal(4), 'v1=30,v2=25,v3=25,v4=20']
])

function equal(versions: number, first = 1, weight = 1): string {
  return Array.from({ length: versions }, (_, at) => `v${first + at}=${weight}`).join(',')
}

function drifts(pairs: readonly (readonly [string, string])[]): readonly Drift[] {
  return pairs.map(([declared, truth]) => ({ declared: parseSplit(declared), truth: parseSplit(truth) }))
}

/** The bound: ln(1/alpha) / KL(truth || declared) purchases. */
export function leastPurchases({ declared, truth }: Drift, alpha: number): number {
  const divergence = Object.entries(truth).reduce(
    (sum, [version, share]) => sum + (share === 0 ? 0 : share * Math.log(share / (declared[version] ?? 0))),
    0
  )
  return -Math.log(alpha) / divergence
}

const ALARM_TABLE = [
  `Alarm (surely not exact): median of ${RUNS} runs, alpha ${ALPHA}, bound ln(1/alpha) / KL(truth || declared)`,
  cells(['declared -> truth', 'bound', 'median', '90 %', 'ratio'])
]
const PASS_TABLE = [
  `Pass of a correct split, ± 5 points, ${PASS_RUNS} runs, looked at every 20 purchases, and the estimate at the first purchase`,
  cells(['split', 'median', '10 %', '90 %', 'estimate'])
]

/** How many purchases a wrong split takes to be found, against the bound; and a correct one to pass. */
export const SPEED_ROWS: readonly Row[] = [
  {
    name: 'alarm',
    table: ALARM_TABLE,
    seconds: 15,
    measure(report, random) {
      const ratios = detection(DRIFTS, report, random)
      const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
      atMost(report, WORST_RATIO, ratios)
      report.target(`geometric mean at most ${MEAN_RATIO}: ${mean.toFixed(3)}`, mean <= MEAN_RATIO)
    }
  },
  {
    name: 'alarm-many',
    table: ALARM_TABLE,
    seconds: 20,
    measure: (report, random) => atMost(report, WORST_RATIO_OF_MANY, detection(DRIFTS_AMONG_MANY, report, random))
  },
  ...['v1=50,v2=50', 'v1=90,v2=10', 'v1=99,v2=1', 'v1=100,v2=0', 'v1=40,v2=30,v3=30'].map(passRow)
]

function detection(wrong: readonly Drift[], report: Report, random: Random): readonly number[] {
  return wrong.map(drift => {
    const bound = leastPurchases(drift, ALPHA)
    const most = Math.ceil(bound * 20)
    const times = Array.from({ length: RUNS }, () => purchasesToAlarm({ ...drift, alpha: ALPHA, most, random }))
    const ratio = median(times) / bound
    report.line(cells([nameOf(drift), bound.toFixed(0), median(times), quantile(times, 0.9), ratio.toFixed(2)]))
    return ratio
  })
}

function atMost(report: Report, worst: number, ratios: readonly number[]): void {
  const highest = Math.max(...ratios)
  report.target(`each at most ${worst}: worst ${highest.toFixed(2)}`, highest <= worst)
}

/** `50/50 -> 60/40`; equal shares of many versions are told by their number. */
function nameOf({ declared, truth }: Drift): string {
  const versions = Object.keys(declared).length
  return versions > 4 ? `${versions} equal, one halved` : `${formatSplit(declared)} -> ${formatSplit(truth)}`
}

/** How many purchases a correct split takes to pass, and how many the first look says are missing. */
function passRow(text: string): Row {
  const split = parseSplit(text)
  return {
    name: `pass-${formatSplit(split).replaceAll('/', '-')}`,
    table: PASS_TABLE,
    seconds: 5,
    measure(report, random) {
      const times = Array.from({ length: PASS_RUNS }, () => purchasesToPass({ split, every: 20, random }))
      const monitor = createSplitMonitor({ declared: split })
      monitor.observe('v1')
      const estimate = (monitor.verdict().missing ?? 0) + 1
      report.line(cells([formatSplit(split), median(times), quantile(times, 0.1), quantile(times, 0.9), estimate]))
    }
  }
}
