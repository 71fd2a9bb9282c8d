import { inParallel, type Mariadb, type RunningApp, startMariadb, tempDir, waitFor } from '@bookstore/testing'
import { Pool } from 'undici'
import { createRestockQueue } from '../../../apps/bookwarehouse/src/restock-queue.ts'
import { createMysqlStock } from '../../../apps/bookwarehouse/src/stock/mysql-stock.ts'
import { createSqliteStock } from '../../../apps/bookwarehouse/src/stock/sqlite-stock.ts'
import type { Stock } from '../../../apps/bookwarehouse/src/stock/stock.ts'
import { type BenchCase, type CaseResult, medianOf, type Row } from '../lib/bench-case.ts'
import { startProgram, startRival } from '../lib/programs.ts'

const RESTOCKS = 5_000
const CONNECTIONS = 32
const ROUNDS = 3
// before the clock runs, so that no way is measured while the engine still compiles it
const WARM_UP = 1_000

const LEAST = 5

/** Restocks that 32 callers at a time send: the queue and the database alone, and over HTTP. */
export const restockCase: BenchCase = {
  name: 'restock',
  title: `${RESTOCKS.toLocaleString('en')} restocks with keys, ${CONNECTIONS} at a time; client, warehouse and database share the processors`,
  run: measureRestocks
}

interface Limits {
  readonly maxBatch?: number
  readonly maxTransactions?: number
}

/** One way to write all restocks; gives how many a second. */
interface Way {
  readonly name: string
  readonly against?: string
  readonly run: (database: string) => Promise<number>
}

const ONE_EACH: Limits = { maxBatch: 1, maxTransactions: CONNECTIONS }
const QUEUE_ONE_EACH = 'queue, MariaDB, one transaction per restock'
const QUEUE_GROUPED = 'queue, MariaDB, group commit'
const HTTP_ONE_EACH = 'HTTP, MariaDB, one transaction per restock'
const HTTP_GROUPED = 'HTTP, MariaDB, group commit'
const HTTP_ALONE = 'HTTP, nothing behind it'

async function measureRestocks(): Promise<CaseResult> {
  await using mariadb = await startMariadb()
  await using dir = await tempDir('bookstore-bench-')
  const ways: readonly Way[] = [
    { name: QUEUE_ONE_EACH, run: database => queueAtMariadb(mariadb, database, ONE_EACH) },
    { name: QUEUE_GROUPED, against: QUEUE_ONE_EACH, run: database => queueAtMariadb(mariadb, database, {}) },
    {
      name: 'queue, SQLite, group commit',
      run: database => rateOfQueue(createSqliteStock({ file: dir.join(`${database}.db`) }), {})
    },
    { name: HTTP_ONE_EACH, run: database => warehouseAt(mariadb.url(database), ONE_EACH) },
    { name: HTTP_GROUPED, against: HTTP_ONE_EACH, run: database => warehouseAt(mariadb.url(database), {}) },
    { name: 'HTTP, SQLite, group commit', run: database => warehouseAt(`sqlite:${dir.join(`${database}.db`)}`, {}) },
    { name: HTTP_ALONE, against: HTTP_ONE_EACH, run: () => httpAlone() },
    ...peer()
  ]
  const values = ways.map((): number[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, { run }] of ways.entries()) values[at]?.push(await run(`bench_${round}_${at}`))
  }
  const rows = ways.map(
    ({ name, against }, at): Row => ({
      name,
      unit: 'restocks/s',
      values: values[at] ?? [],
      ...(against === undefined ? {} : { against })
    })
  )
  return { rows, targets: targetsOf(rows) }
}

function targetsOf(rows: readonly Row[]) {
  const rate = (name: string) => medianOf(rows.find(row => row.name === name)?.values ?? [])
  const inQueue = rate(QUEUE_GROUPED) / rate(QUEUE_ONE_EACH)
  const overHttp = rate(HTTP_GROUPED) / rate(HTTP_ONE_EACH)
  const limit = rate(HTTP_ALONE) / rate(HTTP_ONE_EACH)
  return [
    {
      sentence: `in the queue at MariaDB at least ${LEAST} x one transaction per restock, is ${inQueue.toFixed(1)}`,
      isMet: inQueue >= LEAST
    },
    {
      sentence: `over HTTP ${overHttp.toFixed(1)} x, where HTTP with nothing behind it allows ${limit.toFixed(1)} x: at least half of that`,
      isMet: overHttp >= Math.min(LEAST, limit / 2)
    }
  ]
}

async function queueAtMariadb(mariadb: Mariadb, database: string, limits: Limits): Promise<number> {
  const { host, port, user, password } = mariadb
  const target = { host, port, user, password, database, tls: false }
  return rateOfQueue(createMysqlStock(target, { connections: CONNECTIONS + 3 }), limits)
}

async function rateOfQueue(stock: Stock, limits: Limits): Promise<number> {
  await stock.open()
  const queue = createRestockQueue({ stock, ...limits })
  const seconds = await timed(key => queue.add({ amount: 1, key }))
  expectAll(await stock.total())
  await stock.close()
  return RESTOCKS / seconds
}

async function warehouseAt(url: string, { maxBatch, maxTransactions }: Limits): Promise<number> {
  const env = {
    DATABASE_URL: url,
    // an empty value means the default
    RESTOCK_MAX_BATCH: String(maxBatch ?? ''),
    RESTOCK_MAX_TRANSACTIONS: String(maxTransactions ?? '')
  }
  await using app = await startProgram('bookwarehouse', { env })
  return await rateOverHttp(app)
}

async function httpAlone(): Promise<number> {
  await using app = await startRival('warehouse-http.ts', {})
  return await rateOverHttp(app)
}

// any other implementation that listens somewhere; what it records is its own affair
function peer(): Way[] {
  const url = process.env['PEER_WAREHOUSE_URL']
  return url ? [{ name: 'peer', against: HTTP_GROUPED, run: () => rateOfServer(url) }] : []
}

async function rateOverHttp({ url }: RunningApp): Promise<number> {
  await waitFor(async () => (await fetch(`${url}/readiness`)).ok, { what: 'readiness' })
  const rate = await rateOfServer(url)
  const raw = (await (await fetch(`${url}/raw`)).json()) as { readonly totalBooks: number }
  expectAll(raw.totalBooks)
  return rate
}

async function rateOfServer(url: string): Promise<number> {
  const pool = new Pool(url, { connections: CONNECTIONS })
  const seconds = await timed(key => restock(pool, key))
  await pool.close()
  return RESTOCKS / seconds
}

function expectAll(total: number): void {
  if (total === RESTOCKS + WARM_UP) return
  throw new Error(`expected ${RESTOCKS + WARM_UP} restocks to be recorded, got ${total}`)
}

/** Seconds that all restocks take after a warm-up. */
async function timed(send: (key: string) => Promise<unknown>): Promise<number> {
  const sendMany = (total: number, prefix: string) =>
    inParallel({ total, concurrency: CONNECTIONS }, index => send(`${prefix}-${index}`))
  await sendMany(WARM_UP, 'warm-up')
  const startedAt = performance.now()
  await sendMany(RESTOCKS, 'sale')
  return (performance.now() - startedAt) / 1000
}

async function restock(pool: Pool, key: string): Promise<void> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/restock-books',
    headers: { 'idempotency-key': key },
    body: '1'
  })
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`expected 200 for restock ${key}, got ${statusCode}: ${text}`)
}
