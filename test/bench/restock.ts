import { inParallel, type Mariadb, startApp, startMariadb, waitFor } from '@bookstore/testing'
import { Pool } from 'undici'

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
const WARM_UP = 2_000

/** The ways to compare; each is a setting of the same program. */
const WAYS = [
  {
    name: 'one transaction per request, one at a time',
    env: { RESTOCK_MAX_BATCH: '1', RESTOCK_MAX_TRANSACTIONS: '1' }
  },
  {
    name: `one transaction per request, ${CONNECTIONS} at a time`,
    env: { RESTOCK_MAX_BATCH: '1', RESTOCK_MAX_TRANSACTIONS: `${CONNECTIONS}` }
  },
  { name: 'group commit (the default)', env: {} }
] as const

/**
 * Sends 5,000 restocks with keys over 32 HTTP connections to a warehouse on a real MariaDB, each way in turn and every way in
 * every round, and gives each way's median. Nothing but the two settings differs between the ways.
 * @throws Error when a restock is not answered 200
 */
export async function measureRestocks(): Promise<readonly RestockMeasurement[]> {
  await using mariadb = await startMariadb()
  const rounds: RestockMeasurement[][] = []
  for (let round = 0; round < ROUNDS; round++) {
    const measurements: RestockMeasurement[] = []
    for (const [at, way] of WAYS.entries()) {
      measurements.push(await measure(mariadb, `round${round}_way${at}`, way))
    }
    rounds.push(measurements)
  }
  return WAYS.map((_, at) => medianOf(rounds.flatMap(measurements => measurements[at] ?? [])))
}

/** The measurement as lines for a person. */
export function describeRestocks(measurements: readonly RestockMeasurement[]): string {
  const grouped = measurements.at(-1)?.perSecond ?? Number.NaN
  const lines = measurements.map(({ name, perSecond, recorded }) => {
    const rate = `${Math.round(perSecond)}/s`.padStart(8)
    const ratio = `${(grouped / perSecond).toFixed(1)} x`.padStart(7)
    return `  ${name.padEnd(46)}${rate}  group commit is ${ratio}   recorded ${recorded} of ${RESTOCKS}`
  })
  const title = `${RESTOCKS} restocks over ${CONNECTIONS} connections at MariaDB (median of ${ROUNDS})`
  return [title, ...lines].join('\n')
}

async function measure(
  mariadb: Mariadb,
  database: string,
  { name, env }: { readonly name: string; readonly env: Readonly<Record<string, string>> }
): Promise<RestockMeasurement> {
  await using app = await startApp({
    main: 'apps/bookwarehouse/src/main.ts',
    env: { DATABASE_URL: mariadb.url(database), LOG_LEVEL: 'warn', ...env }
  })
  await waitFor(async () => (await fetch(`${app.url}/readiness`)).ok, { what: 'readiness' })
  const pool = new Pool(app.url, { connections: CONNECTIONS })
  const send = (total: number, prefix: string) =>
    inParallel({ total, concurrency: CONNECTIONS }, index => restock(pool, `${prefix}-${index}`))
  await send(WARM_UP, 'warm-up')
  const startedAt = performance.now()
  await send(RESTOCKS, 'sale')
  const seconds = (performance.now() - startedAt) / 1000
  await pool.close()
  const raw = (await (await fetch(`${app.url}/raw`)).json()) as { readonly totalBooks: number }
  return { name, perSecond: RESTOCKS / seconds, recorded: raw.totalBooks - WARM_UP }
}

async function restock(pool: Pool, key: string): Promise<void> {
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/restock-books',
    headers: { 'idempotency-key': key },
    body: '1'
  })
  const text = await body.text()
  if (statusCode !== 200)
    throw new Error(`expected 200 for restock ${key}, got ${statusCode}: ${text}`)
}

function medianOf(measurements: readonly RestockMeasurement[]): RestockMeasurement {
  const sorted = measurements.toSorted((a, b) => a.perSecond - b.perSecond)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (median === undefined) throw new Error('expected at least one measurement, got none')
  return median
}
