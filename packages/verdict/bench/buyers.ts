import { parseSplit, type Split, type SplitVerdict } from '@bookstore/contract'
import { combineVerdicts } from '../src/combine.ts'
import { createSplitMonitor, type SplitMonitor } from '../src/split-monitor.ts'
import { cells } from './report.ts'
import type { Row } from './row.ts'
import { type Random, versionDrawer } from './seeded-random.ts'
import { ALPHA, allowance, median, rate } from './simulation.ts'

const RUNS = 2_000
const EVEN = parseSplit('v1=50,v2=50')
// Rarely dependence is found where there is none, and then nothing is judged any more.
const GIVEN_UP = 10_000
const THREE = [0, 1, 2]

const TABLE = [
  `Several buyers of 50/50 ± 5, ${RUNS} runs`,
  cells(['', 'fail', 'pass', 'odd named', 'another', 'purchases'])
]

/** What several buyers say together: right ones, wrong ones, and one that contradicts the others. */
export const BUYER_ROWS: readonly Row[] = [
  {
    name: 'buyers-right',
    table: TABLE,
    seconds: 60,
    measure(report, random) {
      const found = { fail: 0, pass: 0, pending: 0, named: 0 }
      for (let run = 0; run < RUNS; run++) {
        const buyers = THREE.map(() => createSplitMonitor({ declared: EVEN }))
        let isNamed = false
        let verdict = together(buyers)
        for (let look = 0; look < 10 && verdict.status !== 'fail'; look++) {
          for (const buyer of buyers) buy(buyer, EVEN, 150, random)
          verdict = together(buyers)
          isNamed ||= verdict.reason.includes('contradict')
        }
        found[verdict.status] += 1
        if (isNamed) found.named += 1
      }
      const most = allowance(RUNS, ALPHA)
      const { fail, pass, named } = found
      report.line(cells(['three right ones, ten looks', ...[fail, pass, 0, named].map(of => rate(of, RUNS)), 4_500]))
      report.target(`fail in at most ${most}, one named in at most ${most}`, fail <= most && named <= most)
    }
  },
  {
    name: 'buyers-wrong',
    table: TABLE,
    seconds: 30,
    measure(report, random) {
      const truth = parseSplit('v1=60,v2=40')
      const times = Array.from({ length: RUNS }, () => {
        const buyers = THREE.map(() => createSplitMonitor({ declared: EVEN }))
        let total = 0
        do {
          for (const buyer of buyers) buy(buyer, truth, 5, random)
          total += 15
        } while (together(buyers).status !== 'fail' && total < GIVEN_UP)
        return total < GIVEN_UP ? total : Infinity
      })
      const failed = rate(times.filter(time => time < Infinity).length, RUNS)
      report.line(cells(['three of 60/40', failed, '', '', '', median(times)]))
      // what one buyer may take is 1.1 x 282; each of three pays for its own search
      report.target(`fail within ${1.5 * 282} in the median, all counted`, median(times) <= 1.5 * 282)
    }
  },
  {
    name: 'buyers-odd',
    table: TABLE,
    seconds: 80,
    measure(report, random) {
      const odd = parseSplit('v1=60,v2=40')
      const found = { fail: 0, pass: 0, pending: 0, odd: 0, another: 0 }
      for (let run = 0; run < RUNS; run++) {
        const buyers = [...THREE.map(() => EVEN), odd].map(truth => {
          const monitor = createSplitMonitor({ declared: EVEN })
          buy(monitor, truth, 2_000, random)
          return monitor
        })
        const verdict = together(buyers)
        found[verdict.status] += 1
        const [, named] = /contradict each other: at (\S+)/.exec(verdict.reason) ?? []
        if (named === 'buyer-4') found.odd += 1
        else if (named !== undefined) found.another += 1
      }
      const rates = [found.fail, found.pass, found.odd, found.another].map(of => rate(of, RUNS))
      report.line(cells(['three right ones, one of 60/40', ...rates, 8_000]))
      const most = allowance(RUNS, ALPHA)
      report.target('the odd one is named in 95 %', found.odd >= 0.95 * RUNS)
      report.target(
        `a pass in at most ${most}, another named in at most ${most}`,
        Math.max(found.pass, found.another) <= most
      )
    }
  }
]

function buy(monitor: SplitMonitor, truth: Split, purchases: number, random: Random): void {
  const draw = versionDrawer(truth, random)
  for (let bought = 0; bought < purchases; bought++) monitor.observe(draw())
}

function together(monitors: readonly SplitMonitor[]): SplitVerdict {
  const buyers = monitors.map((monitor, at) => ({ name: `buyer-${at + 1}`, verdict: monitor.verdict() }))
  return combineVerdicts({ declared: EVEN, alpha: ALPHA, tolerance: 0.05, buyers })
}
