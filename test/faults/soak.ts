// `npm run soak [-- --minutes 10 --rate 500 --write]`: a whole bookstore on MariaDB under a steady load, with fifty
// watchers that never read.
import { ok } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { COULD_NOT_RUN, numberOf, requireMariadb, runScript, startMariadb } from '@bookstore/testing'
import { residentMb } from '../abuse/abuse.ts'
import { openSlowly } from '../abuse/raw-exchange.ts'
import { type Books, checkBooks, checkProcesses, readBuyer, settledBooks } from './books.ts'
import { heapUnder } from './heap.ts'
import { CONCURRENCY, startBurst } from './load.ts'
import { type RestartableBookstore, startRestartableBookstore } from './restartable-bookstore.ts'
import { markdownTable, whole, writeBetweenMarkers } from './table.ts'

/** What is asked for. */
interface Soak {
  readonly minutes: number
  /** Purchases a second. */
  readonly rate: number
  readonly isWritten: boolean
}

const SAMPLE_MS = 2_000
const MAX_GROWTH = 0.05
const WATCHERS = 50
/** Memory limits of the chart, in MiB. */
const LIMITS = { buyer: 320, others: 256 }

/** Resident memory of one service over time, in MB. */
interface Memory {
  readonly name: string
  readonly pid: number
  readonly samples: { readonly atMs: number; readonly mb: number }[]
}

await runScript(
  {
    help: `Usage: npm run soak [-- --minutes 10 --rate 500 --write]

A whole bookstore on MariaDB under a steady load, with fifty watchers that never read; then the books are
counted and the memory of every service is compared with that of its beginning.

  --minutes N   how long (default 10)
  --rate N      purchases a second (default 500)
  --write       write what was found into docs/reliability.md

Needs MariaDB. Exit code: 0 as it should be, 1 not, 3 could not run.`,
    options: {
      minutes: { type: 'string', default: '10' },
      rate: { type: 'string', default: '500' },
      write: { type: 'boolean', default: false }
    }
  },
  async ({ values }) => {
    const minutes = numberOf('--minutes', values.minutes, 0.1)
    const rate = numberOf('--rate', values.rate, 1)
    if (!requireMariadb()) return COULD_NOT_RUN
    await soak({ minutes, rate, isWritten: values.write })
    return 0
  }
)

async function soak(asked: Soak): Promise<void> {
  await using mariadb = await startMariadb()
  await using bookstore = await startRestartableBookstore({
    databaseUrl: mariadb.url('soak'),
    warehouseEnv: heapUnder(LIMITS.others),
    storeEnv: { ...heapUnder(LIMITS.others), LOG_LEVEL: 'warn' },
    shopperEnv: { ...heapUnder(LIMITS.buyer), LOG_LEVEL: 'warn' }
  })
  const leave = new AbortController()
  const request = 'GET /api/events?view=page HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const watch = () => openSlowly(bookstore.buyer.port, request, { leave: leave.signal })
  await Promise.all(Array.from({ length: WATCHERS }, watch))
  const memories = bookstore.all.map(({ name, pid }) => ({ name, pid: pid(), samples: [] }))
  const startedAt = performance.now()
  await Promise.all([buySteadily(bookstore, asked), sample(memories, startedAt, asked)])
  const seconds = (performance.now() - startedAt) / 1000
  const books = await settledBooks(bookstore)
  leave.abort()
  checkBooks(books)
  checkProcesses(bookstore.all, mariadb.password)
  await report({ books, seconds, memories }, asked)
}

// a burst a second; one that takes longer puts off the next, so that a slow machine shows in the rate and not in a
// queue
async function buySteadily({ buyer }: RestartableBookstore, { minutes, rate }: Soak): Promise<void> {
  const endAt = performance.now() + minutes * 60_000
  for (let due = performance.now(); performance.now() < endAt; due += 1000) {
    await startBurst(buyer, rate)
    await sleep(Math.max(0, due + 1000 - performance.now()))
    while ((await readBuyer(buyer)).burst?.running) await sleep(20)
    due = Math.max(due, performance.now() - 1000)
  }
}

async function sample(memories: readonly Memory[], startedAt: number, { minutes }: Soak): Promise<void> {
  const endAt = startedAt + minutes * 60_000
  while (performance.now() < endAt) {
    for (const { pid, samples } of memories) {
      const mb = residentMb(pid)
      if (mb !== undefined) samples.push({ atMs: performance.now() - startedAt, mb })
    }
    await sleep(SAMPLE_MS)
  }
}

interface Findings {
  readonly books: Books
  readonly seconds: number
  readonly memories: readonly Memory[]
}

async function report({ books, seconds, memories }: Findings, asked: Soak): Promise<void> {
  const grown = memories.map(memory => ({ ...growthOf(memory, warmUpMs(asked.minutes)), name: memory.name }))
  const rows = grown.map(({ name, early, late, growth }) => [
    name,
    `${early.toFixed(1)} MB`,
    `${late.toFixed(1)} MB`,
    `${(growth * 100).toFixed(1)} %`
  ])
  const head = ['service', 'first quarter after the warm-up', 'last quarter', 'growth']
  const text = [summary(books, seconds, asked), markdownTable(head, rows)].join('\n\n')
  console.log(text)
  for (const memory of memories) console.log(`${memory.name}: ${course(memory)}`)
  for (const { name, growth } of grown) ok(growth < MAX_GROWTH, `${name} grew by ${growth * 100} %`)
  if (asked.isWritten) await writeBetweenMarkers('docs/reliability.md', 'soak', `\n${text}\n`)
}

// the heap fills, code is compiled and pools grow; what comes after is judged
function warmUpMs(minutes: number): number {
  return Math.min(2, minutes / 5) * 60_000
}

// averages, because a garbage collector makes single values jump
function growthOf({ samples }: Memory, warmUp: number) {
  const end = samples.at(-1)?.atMs ?? 0
  const quarter = (end - warmUp) / 4
  const between = (from: number, to: number) =>
    average(samples.filter(({ atMs }) => atMs >= from && atMs <= to).map(({ mb }) => mb))
  const early = between(warmUp, warmUp + quarter)
  const late = between(end - quarter, end)
  return { early, late, growth: late / early - 1 }
}

/** The average of every half minute, which tells a leak from a level. */
function course({ samples }: Memory): string {
  const halves = Map.groupBy(samples, ({ atMs }) => Math.floor(atMs / 30_000))
  return [...halves.values()].map(half => average(half.map(({ mb }) => mb)).toFixed(0)).join(' ')
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function summary(
  { attempts, bought, sold, restocked, total }: Books,
  seconds: number,
  { minutes, rate }: Soak
): string {
  const date = new Date().toISOString().slice(0, 10)
  return [
    `Measured on ${date} with \`npm run soak -- --minutes ${minutes} --rate ${rate} --write\` (Node ${process.version}):`,
    `${whole(attempts)} purchases in ${(seconds / 60).toFixed(1)} minutes, ${Math.round(attempts / seconds)} a second, ${CONCURRENCY} at a time;`,
    `${whole(bought)} bought, ${whole(sold)} sold, ${whole(restocked)} restocked, ${whole(total)} in stock: difference ${sold - total}.`,
    `${WATCHERS} watchers of the page never read their events. Heaps are as large as Node makes them under the chart's memory limits.`
  ].join('\n')
}
