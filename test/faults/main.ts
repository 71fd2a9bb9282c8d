import { cpus } from 'node:os'
import { COULD_NOT_RUN, type Mariadb, requireMariadb, runScript, startMariadb } from '@bookstore/testing'
import { chooseFaults } from './choose-faults.ts'
import type { Result, Scenario, Stage } from './scenario.ts'
import { clock } from './scenarios/clock.ts'
import { database } from './scenarios/database.ts'
import { disk } from './scenarios/disk.ts'
import { kills } from './scenarios/kills.ts'
import { network } from './scenarios/network.ts'
import { sigterm } from './scenarios/sigterm.ts'
import { canMountDisk } from './small-disk.ts'
import { markdownTable, whole, writeBetweenMarkers } from './table.ts'

// the programs' names, so that a machine's process list tells what runs
process.title = 'bookstore faults'

const HEAD = ['fault', 'load', 'sold', 'restocked', 'difference', 'seconds', 'what the services said']

await runScript(
  {
    help: `Usage: npm run test:faults [-- WORD ... --write]

Kills, stops and cuts off the services under load, and counts every book afterwards.

  WORD      only the faults whose names contain one of the words
  --write   write the table into docs/reliability.md

Needs MariaDB. Exit code: 0 all borne, 1 not all, 3 could not run.`,
    options: { write: { type: 'boolean', default: false } },
    most: Number.POSITIVE_INFINITY
  },
  ({ positionals, values }) => run(positionals, values.write)
)

/** Runs the faults whose names contain one of the words, or all; gives the exit code. */
async function run(words: readonly string[], isWritten: boolean): Promise<number> {
  const others = [...kills, ...database, ...network, ...clock, ...sigterm]
  const chosen = chooseFaults({ others, disk }, words, canMountDisk)
  if (chosen.length === 0 || !requireMariadb()) return COULD_NOT_RUN
  await using mariadb = await startMariadb()
  const rows: string[][] = []
  let failed = 0
  for (const scenario of [...kills, ...database, ...disk, ...network, ...clock, ...sigterm].filter(({ name }) =>
    chosen.includes(name)
  )) {
    const row = await runOne(scenario, stageWith(mariadb))
    if (row === undefined) failed++
    else rows.push(row)
  }
  const table = markdownTable(HEAD, rows)
  console.log(`\n${table}\n\n${rows.length} faults borne, ${failed} not`)
  if (isWritten && failed === 0) await writeBetweenMarkers('docs/reliability.md', 'faults', note(table))
  return failed === 0 ? 0 : 1
}

function stageWith(mariadb: Mariadb): Stage {
  let databases = 0
  return {
    mariadb,
    freshDatabaseUrl: () => mariadb.url(`stock_${process.pid}_${Date.now()}_${++databases}`)
  }
}

async function runOne(scenario: Scenario, stage: Stage): Promise<string[] | undefined> {
  const startedAt = performance.now()
  const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1)
  try {
    const result = await scenario.run(stage)
    console.log(`borne      ${scenario.name} (${seconds()} s): ${result.load}; ${result.said.join('; ')}`)
    return cells(scenario, result, seconds())
  } catch (error) {
    console.log(`NOT BORNE  ${scenario.name} (${seconds()} s)\n${(error as Error).stack}`)
    return undefined
  }
}

function cells({ name }: Scenario, result: Result, seconds: string): string[] {
  const { load, sold, restocked, difference, said } = result
  return [name, load, whole(sold), whole(restocked), whole(difference), seconds, said.map(timeless).join('; ')]
}

// ports and names that are others in the next run say nothing to a reader
function timeless(text: string): string {
  return text
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1')
    .replace(/stock_\d+_\d+_\d+/g, 'stock')
    .replace(/sqlite:\S*\//g, 'sqlite:')
}

function note(table: string): string {
  const machine = `${cpus().length} cores, Node ${process.version}, ${process.platform}`
  const date = new Date().toISOString().slice(0, 10)
  return `\nMeasured on ${date} with \`npm run test:faults -- --write\` (${machine}).\n\n${table}\n`
}
