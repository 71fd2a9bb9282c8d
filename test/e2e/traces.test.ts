import {
  type OtlpReceiver,
  type ReceivedSpan,
  requireMariadb,
  startBookstore,
  startMariadb,
  startOtlpReceiver,
  waitFor
} from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { json } from './json.ts'

type Env = Readonly<Record<string, string>>

const traced = ({ url }: OtlpReceiver): Env => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  OTEL_BSP_SCHEDULE_DELAY: '50'
})

/** A whole bookstore that is traced, and buys when it is told to. */
async function start(receiver: OtlpReceiver, env: Env = {}, policies = ['permissive-on']) {
  return startBookstore({
    policies,
    env: name => ({
      ...traced(receiver),
      CI_SLEEP_BETWEEN_REQUESTS_SECONDS: name === 'bookbuyer' ? '0.5' : '3600',
      ...(name === 'bookwarehouse' ? env : {})
    })
  })
}

function burst(url: string, purchases: number, concurrency: number) {
  return fetch(`${url}/api/burst`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ purchases, concurrency })
  })
}

const nameOf = ({ resource, name }: ReceivedSpan) => `${resource['service.name']}: ${name}`
const outcomeOf = ({ attributes }: ReceivedSpan) => attributes['bookstore.purchase.outcome']

/** The span with what stands below it. */
interface Tree {
  readonly [name: string]: readonly Tree[]
}

function treeOf(span: ReceivedSpan, spans: readonly ReceivedSpan[]): Tree {
  const children = spans.filter(({ parentSpanId }) => parentSpanId === span.spanId)
  return { [nameOf(span)]: children.map(child => treeOf(child, spans)).toSorted(byName) }
}

function byName(left: Tree, right: Tree): number {
  return String(Object.keys(left)).localeCompare(String(Object.keys(right)))
}

const RESTOCK = [
  {
    'bookstore: process outbox': [
      {
        'bookstore: POST': [{ 'bookwarehouse: POST /restock-books': [{ 'bookwarehouse: BATCH warehouse_stock': [] }] }]
      }
    ]
  }
]

const PURCHASE = {
  'bookbuyer: purchase': [
    { 'bookbuyer: GET': [{ 'bookstore: GET /books-bought': [] }] },
    { 'bookbuyer: GET': [{ 'bookstore: GET /buy-a-book/new': [{ 'bookstore: send outbox': RESTOCK }] }] }
  ]
}

async function wholePurchase(database: Env, system: string): Promise<void> {
  await using receiver = await startOtlpReceiver()
  await using shop = await start(receiver, database)
  const { spans } = receiver
  // a restock of its own, as it is where purchases are slow
  const purchase = await waitFor(
    () =>
      spans.find(
        span =>
          nameOf(span) === 'bookbuyer: purchase' && JSON.stringify(treeOf(span, spans)) === JSON.stringify(PURCHASE)
      ),
    { what: 'a purchase with its whole tree' }
  )
  const trace = spans.filter(({ traceId }) => traceId === purchase.traceId)
  expect(outcomeOf(purchase)).toBe('bought')
  const sale = trace.find(({ name }) => name === 'GET /buy-a-book/new')
  expect(purchase.attributes['bookstore.version']).toBe(sale?.resource['bookstore.identity'])
  expect(sale?.attributes).toMatchObject({ 'server.port': expect.any(Number), 'http.response.status_code': 200 })
  const sql = trace.find(({ name }) => name === 'BATCH warehouse_stock')
  expect(sql).toMatchObject({ kind: 'client', attributes: { 'db.system.name': system } })
  expect(sql?.attributes['db.query.text']).toContain('UPDATE warehouse_stock')

  await burst(shop.buyer.url, 300, 32)
  const sold = () => spans.filter(({ name }) => name === 'send outbox')
  const carried = () => {
    const batches = spans.filter(({ name }) => name === 'process outbox')
    return new Set(batches.flatMap(batch => [batch.parentSpanId, ...batch.links.map(({ spanId }) => spanId)]))
  }
  await waitFor(
    async () => {
      const { counts } = await json<{ counts: { bought: number } }>(`${shop.buyer.url}/api/snapshot`)
      return (
        counts.bought > 300 && sold().length >= counts.bought && sold().every(({ spanId }) => carried().has(spanId))
      )
    },
    { what: 'a restock for every sale, as its child or linked to it' }
  )
  const batches = spans.filter(({ name }) => name === 'process outbox')
  expect(batches.some(({ links }) => links.length > 1)).toBe(true)
  const probes = spans.filter(({ name }) => /liveness|readiness|startup|metrics/.test(name))
  expect(probes).toEqual([])
}

test(
  'a purchase is one trace from the buyer to SQLite, and each sale of a burst is linked to its restock',
  () => wholePurchase({}, 'sqlite'),
  60_000
)

describe.skipIf(!requireMariadb())('on MariaDB', () => {
  test('a purchase is one trace from the buyer to SQL, and each sale of a burst is linked to its restock', async () => {
    await using mariadb = await startMariadb()
    await wholePurchase({ DATABASE_URL: mariadb.url('books') }, 'mysql')
  }, 90_000)
})

test('a denial by the local mesh is a purchase with its requests, and no store has a span of it', async () => {
  await using receiver = await startOtlpReceiver()
  await using shop = await start(receiver, {}, ['permissive-off'])
  await burst(shop.buyer.url, 5, 1)
  const purchases = () => receiver.spans.filter(span => outcomeOf(span) === 'denied')
  await waitFor(() => purchases().length >= 5)
  const [denied] = purchases()
  expect(denied?.attributes['bookstore.purchase.reason']).toBe('connection closed')
  const children = receiver.spans.filter(({ parentSpanId }) => parentSpanId === denied?.spanId)
  expect(children.length).toBeGreaterThan(0)
  expect(children.every(({ kind, isError }) => kind === 'client' && isError)).toBe(true)
  expect(receiver.spans.filter(({ name }) => name === 'GET /buy-a-book/new')).toEqual([])
})
