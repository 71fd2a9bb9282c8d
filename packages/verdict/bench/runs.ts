import { formatSplit, parseSplit, type Status } from '@bookstore/contract'
import { createSplitMonitor } from '../src/split-monitor.ts'
import { seededRandom, versionDrawer } from './seeded-random.ts'
import { ALPHA, allowance, rate } from './simulation.ts'
import { type Report, row } from './targets.ts'

const RUNS = 2_000
const RIGHT = { declared: parseSplit('v1=50,v2=50'), truth: parseSplit('v1=50,v2=50') }
const WRONG = { declared: parseSplit('v1=99,v2=1'), truth: parseSplit('v1=93,v2=7') }

/** Connections that keep to a version: what is said of a right split, and of a wrong one, with and without their names. */
export function benchRuns(report: Report): void {
  report.line(`\nConnections that keep to a version for so many purchases, ${RUNS} runs: the verdict at the end`)
  report.line(row(['declared -> truth', 'length', 'connections', 'noticed', 'fail', 'pass'], 12))
  for (const length of [2, 5, 20]) {
    stay(report, { ...RIGHT, length, isKnown: false, purchases: 20_000 }, 'fail')
    stay(report, { ...WRONG, length, isKnown: false, purchases: 20_000 }, 'pass')
    stay(report, { ...RIGHT, length, isKnown: true, purchases: 800 * length }, 'fail')
    stay(report, { ...WRONG, length, isKnown: true, purchases: 800 * length }, 'pass')
  }
  report.line('Independent purchases, 5,000 of them: dependence is noticed all the same')
  for (const [index, text] of ['v1=50,v2=50', 'v1=90,v2=10'].entries()) {
    const split = parseSplit(text)
    const kept = { declared: split, truth: split, length: 1, isKnown: false, purchases: 5_000 }
    const random = seededRandom(300 + index)
    let noticed = 0
    for (let run = 0; run < RUNS; run++) if (watch(kept, random).isNoticed) noticed += 1
    report.line(row([formatSplit(split), noticed, rate(noticed, RUNS)], 12))
    report.target(`at most ${allowance(RUNS, ALPHA / 4)}`, noticed <= allowance(RUNS, ALPHA / 4))
  }
}

interface Kept {
  readonly declared: Readonly<Record<string, number>>
  readonly truth: Readonly<Record<string, number>>
  readonly length: number
  readonly isKnown: boolean
  readonly purchases: number
}

function stay(report: Report, kept: Kept, wrong: 'fail' | 'pass'): void {
  const random = seededRandom(kept.length + kept.purchases)
  const found = { fail: 0, pass: 0, pending: 0, noticed: 0 }
  for (let run = 0; run < RUNS; run++) {
    const { isNoticed, status } = watch(kept, random)
    if (isNoticed) found.noticed += 1
    found[status] += 1
  }
  const name = `${formatSplit(kept.declared)} -> ${formatSplit(kept.truth)}`
  const rates = [found.noticed, found.fail, found.pass].map(number => rate(number, RUNS))
  report.line(row([name, kept.length, kept.isKnown ? 'known' : 'not known', ...rates], 12))
  const most = allowance(RUNS, ALPHA)
  report.target(`wrong ${wrong} in at most ${most}`, found[wrong] <= most)
}

function watch({ declared, truth, length, isKnown, purchases }: Kept, random: () => number) {
  const monitor = createSplitMonitor({ declared })
  const draw = versionDrawer(truth, random)
  let version = ''
  let left = 0
  let connection = 0
  while (monitor.purchases < purchases) {
    if (left === 0) {
      version = draw()
      left = length
      connection += 1
    }
    left -= 1
    monitor.observe(version, undefined, isKnown ? String(connection) : undefined)
    // without names nothing is judged any more from then on
    if (!isKnown && monitor.isDependent) break
  }
  const status: Status = !isKnown && monitor.isDependent ? 'pending' : monitor.verdict().status
  return { isNoticed: monitor.isDependent, status }
}
