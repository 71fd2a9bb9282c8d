import { inParallel, type Mariadb, startApp, startMariadb, waitFor } from '@bookstore/testing'
import { Pool } from 'undici'
import { createRestockQueue } from '../../apps/bookwarehouse/src/restock-queue.ts'
import { createMysqlStock } from '../../apps/bookwarehouse/src/stock/mysql-stock.ts'

/** One measured way to write restocks. */
export interface RestockMeasurement {
  readonly name: string
  readonly perSecond: number
  /** What they added to the database; equals the number of restocks or something is wrong. */
  readonly recorded: number
}

const RESTOCKS = 5_000
const CONNECTIONS = 32
const ROUNDS = 3
// before the clock runs, so that no way is measured while the engine still compiles it
const WARM_UP = 1_000

/** The ways to compare: the same program with other limits. */
const WAYS: readonly Way[] = [
  {
    name: 'one transaction per request, one at a time',
    limits: { maxBatch: 1, maxTransactions: 1 }
  },
  {
    name: `one transaction per request, ${CONNECTIONS} at a time`,
    limits: { maxBatch: 1, maxTransactions: CONNECTIONS }
  },
  { name: 'group commit (the default)', limits: {} }
]

interface Way {
  readonly name: string
  readonly limits: { readonly maxBatch?: number; readonly maxTransactions?: number }
}

/** Both views of the same comparison. */
export interface RestockMeasurements {
  /** Client, HTTP, warehouse process and database together. */
  readonly overHttp: readonly RestockMeasurement[]
  /** The warehouse's queue and the database alone, asked by as many callers as there are connections. */
  readonly inDatabase: readonly RestockMeasurement[]
}

/**
 * Writes 5,000 restocks with keys, 32 at a time, to a real MariaDB: each way in turn and every way in every round, and
 * gives each way's median. Nothing but the two limits differs between the ways.
 * @throws Error when a restock is not acknowledged
 */
export async function measureRestocks(): Promise<RestockMeasurements> {
  await using mariadb = await startMariadb()
  return {
    overHttp: await mediansOf((way, name) => measureHttp(mariadb, name, way)),
    inDatabase: await mediansOf((way, name) => measureQueue(mariadb, `queue_${name}`, way))
  }
}

async function mediansOf(
  measure: (way: Way, database: string) => Promise<RestockMeasurement>
): Promise<readonly RestockMeasurement[]> {
  const byWay = WAYS.map((): RestockMeasurement[] => [])
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, way] of WAYS.entries()) byWay[at]?.push(await measure(way, `${round}_${at}`))
  }
  return byWay.map(medianOf)
}

/** The measurements as lines for a person. */
export function describeRestocks({ overHttp, inDatabase }: RestockMeasurements): string {
  const title = `${RESTOCKS} restocks over ${CONNECTIONS} connections at MariaDB (median of ${ROUNDS})`
  return [title, ' over HTTP', ...lines(overHttp), ' queue and database alone', ...lines(inDatabase)].join('\n')
}

function lines(measurements: readonly RestockMeasurement[]): string[] {
  const grouped = measurements.at(-1)?.perSecond ?? Number.NaN
  return measurements.map(({ name, perSecond, recorded }) => {
    const rate = `${Math.round(perSecond)}/s`.padStart(8)
    const ratio = `${(grouped / perSecond).toFixed(1)} x`.padStart(7)
    return `  ${name.padEnd(46)}${rate}  group commit is ${ratio}   recorded ${recorded} of ${RESTOCKS}`
  })
}

async function measureHttp(mariadb: Mariadb, database: string, { name, limits }: Way): Promise<RestockMeasurement> {
  await using app = await startApp({
    main: 'apps/bookwarehouse/src/main.ts',
    env: {
      DATABASE_URL: mariadb.url(database),
      LOG_LEVEL: 'warn',
      // an empty value means the default
      RESTOCK_MAX_BATCH: String(limits.maxBatch ?? ''),
      RESTOCK_MAX_TRANSACTIONS: String(limits.maxTransactions ?? '')
    }
  })
  await waitFor(async () => (await fetch(`${app.url}/readiness`)).ok, { what: 'readiness' })
  const pool = new Pool(app.url, { connections: CONNECTIONS })
  const seconds = await timed(key => restock(pool, key))
  await pool.close()
  const raw = (await (await fetch(`${app.url}/raw`)).json()) as { readonly totalBooks: number }
  return { name, perSecond: RESTOCKS / seconds, recorded: raw.totalBooks - WARM_UP }
}

async function measureQueue(mariadb: Mariadb, database: string, { name, limits }: Way): Promise<RestockMeasurement> {
  const { host, port, user, password } = mariadb
  const stock = createMysqlStock({ host, port, user, password, database, tls: false }, { connections: CONNECTIONS + 3 })
  await stock.open()
  const queue = createRestockQueue({ stock, ...limits })
  const seconds = await timed(key => queue.add({ amount: 1, key }))
  const recorded = (await stock.total()) - WARM_UP
  await stock.close()
  return { name, perSecond: RESTOCKS / seconds, recorded }
}

/** Seconds that 5,000 calls take after a warm-up. */
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

function medianOf(measurements: readonly RestockMeasurement[]): RestockMeasurement {
  const sorted = measurements.toSorted((a, b) => a.perSecond - b.perSecond)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (median === undefined) throw new Error('expected at least one measurement, got none')
  return median
}
