import { parseSplit } from '@bookstore/contract'
import { createSplitMonitor, type SplitMonitor } from '../src/split-monitor.ts'
import { drawVersion, seededRandom } from './seeded-random.ts'
import { median } from './simulation.ts'
import type { Report } from './targets.ts'

const MOST_MICROSECONDS = 20
const MOST_GROWTH = 3
const BATCH = 1_000
const BATCH_NUMBERS = Array.from({ length: 201 }, (_, number) => number)

/** What one update costs after a thousand and after a million purchases. */
export function benchCost(report: Report): void {
  const random = seededRandom(9)
  const split = parseSplit('v1=50,v2=50')
  const versions = Array.from({ length: BATCH }, () => drawVersion(split, random))
  const early = () => BATCH_NUMBERS.map(() => timeBatch(testAfter(1_000, versions), versions))
  // Once unmeasured, so that both are measured in compiled code.
  early()
  const first = median(early())
  const worn = testAfter(1_000_000, versions)
  const last = median(BATCH_NUMBERS.map(() => timeBatch(worn, versions)))
  report.line('\nCost of one update, median of 201 batches of 1,000')
  report.line(`  after 1e3 purchases ${first.toFixed(2)} µs, after 1e6 purchases ${last.toFixed(2)} µs`)
  report.target(`at most ${MOST_MICROSECONDS} µs`, Math.max(first, last) <= MOST_MICROSECONDS)
  report.target(`constant: at most ${MOST_GROWTH} times as much`, last <= MOST_GROWTH * first)
}

function testAfter(purchases: number, versions: readonly string[]): SplitMonitor {
  const test = createSplitMonitor({ declared: parseSplit('v1=50,v2=50') })
  while (test.purchases < purchases) observeAll(test, versions)
  return test
}

/** Microseconds per update. */
function timeBatch(test: SplitMonitor, versions: readonly string[]): number {
  const start = performance.now()
  observeAll(test, versions)
  return ((performance.now() - start) * 1_000) / BATCH
}

function observeAll(test: SplitMonitor, versions: readonly string[]): void {
  for (const version of versions) test.observe(version)
}
