import { inParallel, type RunningApp, startApp, tempDir } from '@bookstore/testing'
import { Pool } from 'undici'

/** Sales of one store under one setting. */
export interface SaleMeasurement {
  readonly name: string
  readonly perSecond: number
  /** By the store's own books; equals the number of sales or something is wrong. */
  readonly recorded: number
}

const SALES = 4_000
const CONNECTIONS = 32
const ROUNDS = 3
const WARM_UP = 1_000

/**
 * Sells 4,000 books over 32 connections with the outbox in memory and with OUTBOX_DIR, in turn; nobody takes the
 * restocks.
 * Gives each way's median.
 */
export async function measureSales(): Promise<readonly SaleMeasurement[]> {
  const inMemory: SaleMeasurement[] = []
  const durable: SaleMeasurement[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await using dir = await tempDir('bookstore-bench-')
    inMemory.push(await measure('outbox in memory', {}))
    durable.push(await measure('outbox on disk (OUTBOX_DIR)', { OUTBOX_DIR: dir.path }))
  }
  return [medianOf(inMemory), medianOf(durable)]
}

/** The measurements as lines for a person. */
export function describeSales(measurements: readonly SaleMeasurement[]): string {
  const first = measurements[0]?.perSecond ?? Number.NaN
  const lines = measurements.map(({ name, perSecond, recorded }) => {
    const rate = `${Math.round(perSecond)}/s`.padStart(8)
    const ratio = `${(perSecond / first).toFixed(2)} x`.padStart(7)
    return `  ${name.padEnd(46)}${rate}  ${ratio} of memory    recorded ${recorded} of ${SALES}`
  })
  return [`${SALES} sales over ${CONNECTIONS} connections (median of ${ROUNDS})`, ...lines].join('\n')
}

/** How many sales each measurement should have recorded. */
export const salesPerMeasurement = SALES

async function measure(name: string, env: Readonly<Record<string, string>>): Promise<SaleMeasurement> {
  await using app = await startApp({
    main: 'apps/bookstore/src/main.ts',
    env: { BOOKWAREHOUSE_URL: 'http://127.0.0.1:9', LOG_LEVEL: 'error', ...env }
  })
  const pool = new Pool(app.url, { connections: CONNECTIONS })
  const sell = (total: number) => inParallel({ total, concurrency: CONNECTIONS }, () => sale(pool))
  await sell(WARM_UP)
  const startedAt = performance.now()
  await sell(SALES)
  const seconds = (performance.now() - startedAt) / 1000
  await pool.close()
  return { name, perSecond: SALES / seconds, recorded: (await soldBy(app)) - WARM_UP }
}

async function sale(pool: Pool): Promise<void> {
  const { statusCode, body } = await pool.request({ method: 'GET', path: '/buy-a-book/new' })
  const text = await body.text()
  if (statusCode !== 200) throw new Error(`expected 200 for a sale, got ${statusCode}: ${text}`)
}

async function soldBy({ url }: RunningApp): Promise<number> {
  const ledger = await fetch(`${url}/api/ledger`)
  return ((await ledger.json()) as { readonly sold: number }).sold
}

function medianOf(measurements: readonly SaleMeasurement[]): SaleMeasurement {
  const sorted = measurements.toSorted((a, b) => a.perSecond - b.perSecond)
  const median = sorted[Math.floor(sorted.length / 2)]
  if (median === undefined) throw new Error('expected at least one measurement, got none')
  return median
}
