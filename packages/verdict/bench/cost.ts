import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parseSplit } from '@bookstore/contract'
import { createSplitMonitor, type SplitMonitor } from '../src/split-monitor.ts'
import { cells, type Report } from './report.ts'
import type { Row } from './row.ts'
import { type Random, versionDrawer } from './seeded-random.ts'

const MOST_MICROSECONDS = 20
const MOST_GROWTH = 3
const BATCH = 1_000
// Processor time is counted in ticks of some milliseconds, so one batch says nothing.
const BATCHES = 400
const MOST_KILOBYTES = 512

const COST_TABLE = [
  'Cost of one update in µs of one core, mean of 400,000; ten versions with a new connection every 10 purchases',
  cells(['', 'after 1e3', 'after 1e6'])
]
const MEMORY_TABLE = [
  'Memory of ten versions and a thousand undeclared names, each purchase on a connection of its own, in kB',
  cells(['', 'after 1e5', 'after 1e6'])
]

/** What one update costs after a thousand and after a million purchases, and how much is remembered. */
export const COST_ROWS: readonly Row[] = [
  cost('cost', 'two versions', 'v1=50,v2=50', 0),
  cost('cost-ten', 'ten versions, named connections', equal(10), 10),
  { name: 'memory', table: MEMORY_TABLE, seconds: 20, isAlone: true, measure: measureMemory }
]

function equal(versions: number): string {
  return Array.from({ length: versions }, (_, at) => `v${at + 1}=1`).join(',')
}

function cost(name: string, title: string, text: string, perConnection: number): Row {
  const measure = (report: Report, random: Random) => {
    const declared = parseSplit(text)
    const versions = Array.from({ length: BATCH }, versionDrawer(declared, random))
    const observeAll = (monitor: SplitMonitor) => {
      for (const version of versions) {
        const number = monitor.purchases
        const connection = perConnection === 0 ? undefined : String(Math.floor(number / perConnection))
        monitor.observe(version, undefined, connection)
      }
    }
    const after = (purchases: number) => {
      const monitor = createSplitMonitor({ declared })
      while (monitor.purchases < purchases) observeAll(monitor)
      return monitor
    }
    const early = () =>
      microseconds(
        Array.from({ length: BATCHES }, () => after(BATCH)),
        observeAll
      )
    // Once unmeasured, so that both are measured in compiled code.
    early()
    const first = early()
    const worn = after(1_000_000)
    const last = microseconds(new Array(BATCHES).fill(worn), observeAll)
    report.line(cells([title, first.toFixed(2), last.toFixed(2)]))
    report.target(`at most ${MOST_MICROSECONDS} µs`, first > 0 && Math.max(first, last) <= MOST_MICROSECONDS)
    report.target(`constant: at most ${MOST_GROWTH} times as much`, last <= MOST_GROWTH * first)
  }
  return { name, table: COST_TABLE, seconds: 10, isAlone: true, measure }
}

/** Microseconds of this thread's processor time per update: whoever else uses the machine does not count. */
function microseconds(monitors: readonly SplitMonitor[], observeAll: (monitor: SplitMonitor) => void): number {
  const start = process.threadCpuUsage()
  for (const monitor of monitors) observeAll(monitor)
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / (BATCH * monitors.length)
}

function measureMemory(report: Report, random: Random): void {
  const declared = parseSplit(equal(10))
  const draw = versionDrawer(declared, random)
  const before = kilobytes()
  const monitor = createSplitMonitor({ declared })
  const buyUntil = (purchases: number) => {
    while (monitor.purchases < purchases) {
      const number = monitor.purchases
      // one in a hundred is of a version that nobody declared
      const version = number % 100 === 0 ? `w${(number / 100) % 1_000}` : draw()
      monitor.observe(version, number, `connection ${number}`)
    }
    return kilobytes() - before
  }
  const early = buyUntil(100_000)
  const late = buyUntil(1_000_000)
  report.line(cells(['one monitor', early.toFixed(0), late.toFixed(0)]))
  report.target(`bounded: at most ${MOST_KILOBYTES} kB more`, late - early <= MOST_KILOBYTES)
}

/** What this thread's heap holds when garbage is collected. */
function kilobytes(): number {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  return process.memoryUsage().heapUsed / 1_024
}
