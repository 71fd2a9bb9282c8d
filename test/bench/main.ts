// `npm run bench`: what the programs cost, side by side with others that do the same or less. Only ratios of one run mean
// something on a machine that others use, too.
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import {
  COULD_NOT_RUN,
  findProgram,
  repositoryRoot,
  requireChromium,
  requireMariadb,
  requireTool,
  runScript
} from '@bookstore/testing'
import { buyerCase } from './cases/buyer.ts'
import { chainCase } from './cases/chain.ts'
import { policiesCase } from './cases/policies.ts'
import { restockCase } from './cases/restock.ts'
import { startCase } from './cases/start.ts'
import { storeCase } from './cases/store.ts'
import { tracingCase } from './cases/tracing.ts'
import { viewerCase } from './cases/viewer.ts'
import { viewersCase } from './cases/viewers.ts'
import { type BenchCase, type CaseResult, describeCase } from './lib/bench-case.ts'
import { bundlePrograms } from './lib/programs.ts'

const CASES: readonly BenchCase[] = [
  storeCase,
  restockCase,
  chainCase,
  buyerCase,
  startCase,
  tracingCase,
  policiesCase,
  viewerCase,
  viewersCase
]
const NAMES = CASES.map(({ name }) => name).join(', ')

await runScript(
  {
    help: `Usage: npm run bench [-- --only CASE]

Measures ${NAMES}, each in turns with what it is compared with, and writes bench/results/.

PEER_BOOKSTORE_URL and PEER_WAREHOUSE_URL add another implementation that listens there.
Needs Linux, two processors, wrk, MariaDB and Chromium. Exit code: 0 all targets met, 1 not all, 3 could not run.`,
    options: { only: { type: 'string' } }
  },
  async ({ values: { only } }) => {
    const cases = CASES.filter(({ name }) => only === undefined || name === only)
    if (cases.length === 0) throw new RangeError(`--only: expected one of ${NAMES}, got "${only}"`)
    return hasTools() ? bench(cases) : COULD_NOT_RUN
  }
)

function hasTools(): boolean {
  return [
    requireTool({ name: 'Linux with taskset', isThere: findProgram('taskset') !== undefined, hint: 'run it on Linux' }),
    requireTool({ name: 'two processors', isThere: availableParallelism() > 1, hint: 'one measures, one loads' }),
    requireTool({ name: 'wrk', isThere: findProgram('wrk') !== undefined, hint: 'apt-get install wrk' }),
    requireMariadb(),
    requireChromium()
  ].every(Boolean)
}

async function bench(cases: readonly BenchCase[]): Promise<number> {
  bundlePrograms()
  const results: (CaseResult & { readonly name: string; readonly title: string })[] = []
  for (const one of cases) {
    const result = await one.run()
    console.log(`${describeCase(one, result)}\n`)
    results.push({ name: one.name, title: one.title, ...result })
  }
  writeResults(results)
  const missed = results.flatMap(({ targets }) => targets).filter(({ isMet }) => !isMet).length
  console.log(missed === 0 ? 'all targets met' : `${missed} targets missed`)
  return missed === 0 ? 0 : 1
}

function writeResults(results: readonly unknown[]): void {
  const folder = join(repositoryRoot, 'bench/results')
  mkdirSync(folder, { recursive: true })
  const at = new Date().toISOString()
  const machine = {
    processor: cpus()[0]?.model,
    processors: cpus().length,
    memoryBytes: totalmem(),
    node: process.version
  }
  const file = join(folder, `${at.replaceAll(':', '-')}.json`)
  writeFileSync(file, `${JSON.stringify({ at, machine, results }, null, 2)}\n`)
  console.log(`written to ${file}`)
}
