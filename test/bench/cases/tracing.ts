import { pickTraceHeaders } from '@bookstore/contract'
import { inParallel, type RunningApp, startOtlpReceiver } from '@bookstore/testing'
import type { FastifyRequest } from 'fastify'
import { Pool } from 'undici'
import { createWaitingTraces } from '../../../apps/bookstore/src/outbox/waiting-traces.ts'
import { captureTrace, traceBatch } from '../../../apps/bookstore/src/sale-trace.ts'
import { type BenchCase, type CaseResult, type Row, ratioOf, type Target } from '../lib/bench-case.ts'
import { cpuSeconds, LOAD_CORE, MEASURED_CORE, startProgram, startRival } from '../lib/programs.ts'

const SALES = 10_000
const CONNECTIONS = 32
const ROUNDS = 9
const WARM_UP = 15_000
const LEFT_SALES = 200_000
const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const OFF = 'tracing off'
// Processes that do the same differ by more than two percent, so what tracing costs while it is off is measured by itself.
const LEFT = 'tracing off, of it for tracing'
const MOST_LEFT = 0.02

/** The least share of a store's throughput that each way of tracing leaves. */
const WAYS = [
  { name: OFF, env: {}, least: undefined },
  { name: 'always_off', env: { OTEL_TRACES_SAMPLER: 'always_off' }, least: 0.9 },
  { name: 'every sale', env: {}, least: 0.65 }
] as const

/** What tracing costs a store: three that run all the time sell in turns, every sale in a trace that is kept. */
export const tracingCase: BenchCase = {
  name: 'tracing',
  title: 'Processor time of a store for one sale, by tracing',
  run: measureTracing
}

async function measureTracing(): Promise<CaseResult> {
  await using stack = new AsyncDisposableStack()
  const { url } = stack.use(await startOtlpReceiver())
  const taker = stack.use(await startRival('raw-http.ts', { core: LOAD_CORE }))
  const stores = await Promise.all(
    WAYS.map(async ({ name, env }) => {
      const endpoint = name === OFF ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: url }
      const program = { core: MEASURED_CORE, env: { BOOKWAREHOUSE_URL: taker.url, ...endpoint, ...env } }
      const app = stack.use(await startProgram('bookstore', program))
      const pool = new Pool(app.url, { connections: CONNECTIONS })
      stack.defer(() => pool.close())
      return { app, pool, costs: [] as number[] }
    })
  )
  for (const { pool } of stores) await sell(pool, WARM_UP)
  for (let round = 0; round < ROUNDS; round++) {
    for (const { app, pool, costs } of stores) costs.push(await costOf(app, () => sell(pool, SALES)))
  }
  const rows = WAYS.map(({ name }, at): Row => {
    const values = stores[at]?.costs ?? []
    return { name, unit: 'µs of CPU', values, ...(name === OFF ? {} : { against: OFF }) }
  })
  const left: Row = {
    name: LEFT,
    unit: 'µs of CPU',
    values: Array.from({ length: ROUNDS }, leftOfTracing),
    against: OFF
  }
  const share = ratioOf(left, rows) ?? Number.NaN
  return {
    rows: [...rows, left],
    targets: [
      ...rows.flatMap((row, at) => targetOf(row, rows, WAYS[at]?.least)),
      {
        sentence: `${OFF}: at most ${MOST_LEFT * 100} % of a sale is for tracing, is ${(share * 100).toFixed(1)}`,
        isMet: share <= MOST_LEFT
      }
    ]
  }
}

/**
 * Microseconds of processor time for all that a sale and its restock do about traces where nothing is traced: headers are
 * given back and passed on, and the restock remembers whose it is.
 */
function leftOfTracing(): number {
  const traces = createWaitingTraces()
  const headers = {
    host: 'bookstore',
    'user-agent': 'buyer',
    accept: '*/*',
    traceparent: TRACEPARENT,
    'x-request-id': '1'
  }
  const before = process.cpuUsage()
  for (let sale = 1; sale <= LEFT_SALES; sale++) {
    pickTraceHeaders(headers)
    traces.add(sale, captureTrace({ headers, span: undefined } as unknown as FastifyRequest))
    // each sale alone: the most that it can cost
    traceBatch({ key: 'key', amount: 1 }, traces.takeUpTo(sale), undefined)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / LEFT_SALES
}

/** Microseconds of processor time for one sale. */
async function costOf({ pid }: RunningApp, sales: () => Promise<unknown>): Promise<number> {
  const before = cpuSeconds(pid)
  await sales()
  return ((cpuSeconds(pid) - before) * 1_000_000) / SALES
}

function targetOf(row: Row, rows: readonly Row[], least: number | undefined): Target[] {
  if (least === undefined) return []
  // what one core gives is the inverse of what a sale costs
  const share = 1 / (ratioOf(row, rows) ?? Number.NaN)
  const sentence = `${row.name}: at least ${least} x the throughput of a core without tracing, is ${share.toFixed(2)}`
  return [{ sentence, isMet: share >= least }]
}

function sell(pool: Pool, sales: number): Promise<unknown> {
  const headers = { traceparent: TRACEPARENT }
  return inParallel({ total: sales, concurrency: CONNECTIONS }, async () => {
    const { statusCode, body } = await pool.request({ method: 'GET', path: '/buy-a-book/new', headers })
    await body.dump()
    if (statusCode !== 200) throw new Error(`expected 200 for a sale, got ${statusCode}`)
  })
}
