import { formatSplit, parseSplit, type Split } from '@bookstore/contract'
import { createSplitMonitor } from '../src/split-monitor.ts'
import { cells, type Report } from './report.ts'
import type { Row } from './row.ts'
import { type Random, versionDrawer } from './seeded-random.ts'
import { ALPHA, allowance, rate } from './simulation.ts'

const RUNS = 2_000
const LOOK_EVERY = 10
// enough for a verdict on single purchases, and 800 connections where those are judged
const PURCHASES = 20_000
const CONNECTIONS = 800

const TABLE = [
  `Connections that keep to a version for so many purchases, ${RUNS} runs, looked at every ${LOOK_EVERY} purchases from the second`,
  'version on: dependence noticed, the status at the end, the wrong status at any look, and a change named at the end',
  cells(['declared -> truth', 'length', 'names', 'noticed', 'fail', 'pass', 'ever', 'changed'])
]
const INDEPENDENT_TABLE = [
  `Independent purchases, ${RUNS} runs of 5,000: dependence is noticed all the same`,
  cells(['split', 'runs', 'rate'])
]

const RIGHT = { declared: parseSplit('v1=50,v2=50'), truth: parseSplit('v1=50,v2=50'), wrong: 'fail' } as const
const WRONG = { declared: parseSplit('v1=99,v2=1'), truth: parseSplit('v1=93,v2=7'), wrong: 'pass' } as const

/** Connections that keep to a version: what is said of a right split, and of a wrong one, with and without their names. */
export const RUN_ROWS: readonly Row[] = [
  ...[2, 5, 20].flatMap(length => [
    row(`runs-${length}-right`, 5, { ...RIGHT, length, isKnown: false, purchases: PURCHASES }),
    row(`runs-${length}-wrong`, 10, { ...WRONG, length, isKnown: false, purchases: PURCHASES }),
    row(`runs-${length}-right-named`, 8 * length, { ...RIGHT, length, isKnown: true, purchases: CONNECTIONS * length }),
    row(`runs-${length}-wrong-named`, 8 * length, { ...WRONG, length, isKnown: true, purchases: CONNECTIONS * length })
  ]),
  independent('independent-50', 'v1=50,v2=50'),
  independent('independent-90', 'v1=90,v2=10')
]

interface Kept {
  readonly declared: Split
  readonly truth: Split
  /** What must not be said of it. */
  readonly wrong: 'fail' | 'pass'
  readonly length: number
  /** Whether the connection of each purchase is known. */
  readonly isKnown: boolean
  readonly purchases: number
}

function row(name: string, seconds: number, kept: Kept): Row {
  return { name, table: TABLE, seconds, measure: (report, random) => stay(report, random, kept) }
}

function stay(report: Report, random: Random, kept: Kept): void {
  const found = { fail: 0, pass: 0, pending: 0, noticed: 0, ever: 0, changed: 0 }
  for (let run = 0; run < RUNS; run++) {
    const seen = watch(kept, random)
    if (seen.isNoticed) found.noticed += 1
    if (seen.wasWrong) found.ever += 1
    if (seen.isChanged) found.changed += 1
    found[seen.status] += 1
  }
  const { noticed, fail, pass, ever, changed } = found
  const name = `${formatSplit(kept.declared)} -> ${formatSplit(kept.truth)}`
  const rates = [noticed, fail, pass, ever, changed].map(number => rate(number, RUNS))
  report.line(cells([name, kept.length, kept.isKnown ? 'known' : 'not known', ...rates]))
  const most = allowance(RUNS, ALPHA)
  report.target(`noticed in all; wrong ${kept.wrong} ever in at most ${most}`, noticed === RUNS && ever <= most)
  report.target(`a change is named in at most ${most}`, changed <= most)
}

function watch({ declared, truth, wrong, length, isKnown, purchases }: Kept, random: Random) {
  const monitor = createSplitMonitor({ declared })
  const draw = versionDrawer(truth, random)
  const seen = new Set<string>()
  let version = ''
  let wasWrong = false
  while (monitor.purchases < purchases) {
    if (monitor.purchases % length === 0) version = draw()
    seen.add(version)
    const connection = isKnown ? String(Math.floor(monitor.purchases / length)) : undefined
    monitor.observe(version, undefined, connection)
    const isLook = monitor.purchases % LOOK_EVERY === 0 && seen.size > 1
    if (isLook && monitor.status === wrong) wasWrong = true
    // without names nothing is judged any more from then on
    if (!isKnown && monitor.isDependent) break
  }
  const { status, causes } = monitor.verdict()
  if (status === wrong) wasWrong = true
  return { isNoticed: monitor.isDependent, status, wasWrong, isChanged: causes.some(({ code }) => code === 'changed') }
}

function independent(name: string, text: string): Row {
  const split = parseSplit(text)
  return {
    name,
    table: INDEPENDENT_TABLE,
    seconds: 15,
    measure(report, random) {
      let noticed = 0
      for (let run = 0; run < RUNS; run++) {
        const monitor = createSplitMonitor({ declared: split })
        const draw = versionDrawer(split, random)
        while (monitor.purchases < 5_000 && !monitor.isDependent) monitor.observe(draw())
        if (monitor.isDependent) noticed += 1
      }
      const most = allowance(RUNS, ALPHA / 4)
      report.line(cells([formatSplit(split), noticed, rate(noticed, RUNS)]))
      report.target(`at most ${most} (alpha / 4 and three deviations)`, noticed <= most)
    }
  }
}
