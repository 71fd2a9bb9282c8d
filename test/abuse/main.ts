// The long form of the abuse tests: `npm run test:abuse [CONNECTIONS] [-- --write]`, 10,000 connections for each
// service by default.
import { ok } from 'node:assert/strict'
import { numberOf, runScript } from '@bookstore/testing'
import { heapUnder } from '../faults/heap.ts'
import { markdownTable, whole, writeBetweenMarkers } from '../faults/table.ts'
import { type AbuseReport, abuse } from './abuse.ts'
import { openSlowly } from './raw-exchange.ts'
import { APP_NAMES, type Shop, startShop } from './shop.ts'

const HEAD = ['service', 'connections', 'answers by status', 'memory after a quarter, at the end']

// some 19,000 requests follow the first quarter; two kilobytes left behind by each would be more than this
const MAX_GROWTH = 1.2

await runScript(
  {
    help: `Usage: npm run test:abuse [-- CONNECTIONS --seed N --write]

Sends arbitrary bytes and requests to every service and looks at its answers and its memory.

  CONNECTIONS   for each service (default 10000)
  --seed N      repeats the requests of an earlier run
  --write       write the table into docs/reliability.md

Exit code: 0 no fault, 1 a fault, 3 could not run.`,
    options: { write: { type: 'boolean', default: false }, seed: { type: 'string' } },
    most: 1
  },
  async ({ values, positionals }) => {
    const connections = numberOf('CONNECTIONS', positionals[0] ?? '10000', 1)
    const seed = numberOf('--seed', values.seed ?? String(Date.now() % 2 ** 31), 0)
    const table = await abuseAll(connections, seed)
    if (values.write) await writeBetweenMarkers('docs/reliability.md', 'abuse', `\n${table}\n`)
    return 0
  }
)

/** Gives the table of what every service answered. */
async function abuseAll(connections: number, seed: number): Promise<string> {
  // the smallest memory limit of the chart
  await using shop = await startShop(heapUnder(256))
  const rows: string[][] = []
  for (const name of APP_NAMES) {
    const report = await abuse(shop[name], { connections, seed })
    console.log(`${name}: ${JSON.stringify(report.answers)}, ${report.faults.length} faults`)
    for (const fault of report.faults.slice(0, 10)) console.log(`  ${fault}`)
    ok(report.faults.length === 0, `seed ${seed}: ${name} has ${report.faults.length} faults`)
    const { early, end } = report.memoryMb ?? { early: 1, end: 1 }
    ok(end < early * MAX_GROWTH, `${name} grew from ${early} to ${end} MB`)
    rows.push(rowOf(name, connections, report))
  }
  await slowBodiesEnd(shop)
  const table = markdownTable(HEAD, rows)
  console.log(`\n${table}\n\nseed ${seed}: no fault; slow bodies are ended by the services`)
  return table
}

function rowOf(name: string, connections: number, { answers, memoryMb }: AbuseReport): string[] {
  const counts = Object.entries(answers).map(([status, count]) => `${status}: ${whole(count)}`)
  const memory = memoryMb ? `${memoryMb.early.toFixed(0)} MB, ${memoryMb.end.toFixed(0)} MB` : 'not measured here'
  return [name, whole(connections), counts.join(', '), memory]
}

// a body that stops coming holds a place until the request's deadline of 10 s, and no longer
async function slowBodiesEnd(services: Shop): Promise<void> {
  const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n1'
  const slow = APP_NAMES.flatMap(name => Array.from({ length: 20 }, () => services[name].port))
  const startedAt = performance.now()
  const opened = await Promise.all(slow.map(port => openSlowly(port, head, { isReading: true })))
  await Promise.all(opened.map(({ ended }) => ended))
  const seconds = (performance.now() - startedAt) / 1000
  ok(seconds < 30, `slow bodies were ended after ${seconds} s`)
}
