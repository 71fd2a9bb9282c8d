import { silentLogs } from '@bookstore/common'
import { TRACE_HEADERS } from '@bookstore/contract'
import { describe, expect, test, vi } from 'vitest'
import { buildShop, type Shop } from '../../test/build-shop.ts'
import { startFakeWarehouse } from '../../test/fake-warehouse.ts'
import { createGroupCommitLedger } from '../ledger/group-commit.ts'
import { emptyLedger } from '../ledger/ledger.ts'

const buy = (shop: Shop, count = 1) =>
  Promise.all(Array.from({ length: count }, () => shop.app.inject('/buy-a-book/new')))

const ledgerOf = async (shop: Shop) => (await shop.app.inject('/api/ledger')).json()

const settled = (shop: Shop) => expect.poll(async () => (await ledgerOf(shop)).outbox).toBe(0)

/** Pauses that last no time, and a record of how long they were meant to be. */
function noPauses() {
  const pauses: number[] = []
  const sleep = async (ms: number) => void pauses.push(ms)
  return { pauses, relay: { sleep, random: () => 0.5 } }
}

test('a sale becomes one restock as the original sends it, and one more header', async () => {
  await using warehouse = await startFakeWarehouse()
  await using shop = buildShop({ warehouseUrl: warehouse.url })
  await buy(shop)
  await settled(shop)
  const [restock] = warehouse.seen
  expect(restock).toMatchObject({ method: 'POST', path: '/restock-books', body: '1' })
  expect(restock?.headers).toMatchObject({
    'user-agent': 'Go-http-client/1.1',
    'content-type': 'application/json',
    host: new URL(warehouse.url).host,
    'idempotency-key': expect.stringMatching(/^[0-9a-f-]{36}$/)
  })
  expect(await ledgerOf(shop)).toMatchObject({ sold: 1, restocked: 1, warehouseTotal: 1 })
  expect((await shop.app.inject('/')).headers['bookwarehouse-total']).toBe('1')
})

test('sales made while a restock is on its way travel together', async () => {
  await using warehouse = await startFakeWarehouse()
  const gate = Promise.withResolvers<void>()
  warehouse.next(gate.promise)
  await using shop = buildShop({ warehouseUrl: warehouse.url })
  await buy(shop)
  await warehouse.hasSeen(1)
  await buy(shop, 40)
  gate.resolve()
  await settled(shop)
  expect(warehouse.seen.map(({ body }) => body)).toEqual(['1', '40'])
  expect(new Set(warehouse.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(2)
})

test('a batch is never larger than it may be', async () => {
  await using warehouse = await startFakeWarehouse()
  const gate = Promise.withResolvers<void>()
  warehouse.next(gate.promise)
  await using shop = buildShop({ warehouseUrl: warehouse.url, relay: { batchMax: 3 } })
  await buy(shop)
  await warehouse.hasSeen(1)
  await buy(shop, 7)
  gate.resolve()
  await settled(shop)
  expect(warehouse.seen.map(({ body }) => body)).toEqual(['1', '3', '3', '1'])
})

test('a restock carries on the tracing headers of its newest sale, also when repeated', async () => {
  await using warehouse = await startFakeWarehouse()
  const gate = Promise.withResolvers<void>()
  warehouse.next(gate.promise, { status: 503 })
  await using shop = buildShop({ warehouseUrl: warehouse.url, ...noPauses() })
  const traceOf = (sale: string) => Object.fromEntries(TRACE_HEADERS.map(name => [name, `${name}-${sale}`]))
  const buyWith = (sale: string) => shop.app.inject({ url: '/buy-a-book/new', headers: traceOf(sale) })
  await buyWith('first')
  await warehouse.hasSeen(1)
  await buyWith('second')
  await buyWith('third')
  gate.resolve()
  await settled(shop)
  expect(warehouse.seen.map(({ headers }) => headers)).toMatchObject([
    traceOf('first'),
    traceOf('third'),
    traceOf('third')
  ])
})

test('a lost answer is asked for again under the same key, so the books are added once', async () => {
  await using warehouse = await startFakeWarehouse()
  warehouse.next('cut after adding', 'cut before adding', 'cut after adding')
  await using shop = buildShop({ warehouseUrl: warehouse.url, ...noPauses() })
  await buy(shop, 25)
  await settled(shop)
  expect(warehouse.total()).toBe(25)
  const [first, ...others] = warehouse.seen.slice(0, 4)
  for (const { headers, body } of others) {
    expect(headers['idempotency-key']).toBe(first?.headers['idempotency-key'])
    expect(body).toBe(first?.body)
  }
  expect(await ledgerOf(shop)).toMatchObject({ sold: 25, restocked: 25 })
})

test('an answer later than the deadline is asked for again', async () => {
  await using warehouse = await startFakeWarehouse()
  const gate = Promise.withResolvers<void>()
  warehouse.next(gate.promise)
  await using shop = buildShop({ warehouseUrl: warehouse.url, timeoutMs: 50, ...noPauses() })
  await buy(shop)
  await settled(shop)
  gate.resolve()
  expect(warehouse.total()).toBe(1)
  expect(warehouse.seen.length).toBeGreaterThanOrEqual(2)
})

test('pauses grow, honour Retry-After, and start anew after success', async () => {
  await using warehouse = await startFakeWarehouse()
  const { pauses, relay } = noPauses()
  warehouse.next(
    { status: 503 },
    { status: 500 },
    { status: 503, headers: { 'retry-after': '7' } },
    Promise.resolve(),
    { status: 429 }
  )
  await using shop = buildShop({ warehouseUrl: warehouse.url, relay })
  await buy(shop)
  await settled(shop)
  await buy(shop)
  await settled(shop)
  expect(pauses).toEqual([50, 100, 7_200, 50])
})

test('a denial keeps the books, is asked about slowly, and is shown until it is mended', async () => {
  await using warehouse = await startFakeWarehouse()
  const pauses: number[] = []
  const mended = Promise.withResolvers<void>()
  const sleep = async (ms: number) => {
    pauses.push(ms)
    await mended.promise
  }
  warehouse.next({ status: 403, body: 'RBAC: access denied' })
  await using shop = buildShop({
    warehouseUrl: warehouse.url,
    relay: { sleep, random: () => 0.5 }
  })
  await buy(shop, 3)
  await expect.poll(() => pauses).toEqual([500])
  const problem = 'denied on the way to the warehouse: 403 RBAC: access denied'
  expect(await ledgerOf(shop)).toMatchObject({ restocked: 0, outbox: 3, dropped: 0, problem })
  const page = await shop.app.inject('/')
  expect(page.headers['bookstore-restock-problem']).toBe(problem)
  expect(page.body).toContain(problem)
  mended.resolve()
  await settled(shop)
  expect(await ledgerOf(shop)).not.toHaveProperty('problem')
  expect(warehouse.total()).toBe(3)
})

test('what the warehouse refuses for good is dropped, counted and said, and the next is sent', async () => {
  await using warehouse = await startFakeWarehouse()
  warehouse.next({ status: 422, body: '{"message":"wrong amount"}' })
  const { logger } = silentLogs()
  const error = vi.spyOn(logger, 'error')
  await using shop = buildShop({ warehouseUrl: warehouse.url, relay: { logger } })
  await buy(shop)
  await settled(shop)
  expect(await ledgerOf(shop)).toMatchObject({ sold: 1, restocked: 0, dropped: 1, outbox: 0 })
  expect((await shop.app.inject('/')).headers['bookstore-dropped']).toBe('1')
  expect(error).toHaveBeenCalledWith(
    expect.objectContaining({ amount: 1, reason: '422 wrong amount' }),
    expect.any(String)
  )
  await buy(shop)
  await settled(shop)
  expect(await ledgerOf(shop)).toMatchObject({ sold: 2, restocked: 1, dropped: 1 })
  expect(await shop.registry.metrics()).toMatch(/^bookstore_restocks_dropped_total 1$/m)
})

test('metrics and books are the same numbers', async () => {
  await using warehouse = await startFakeWarehouse()
  warehouse.next({ status: 503 }, { status: 403 })
  await using shop = buildShop({ warehouseUrl: warehouse.url, ...noPauses() })
  await buy(shop, 4)
  await settled(shop)
  const metrics = await shop.registry.metrics()
  for (const line of [
    'bookstore_sales_total 4',
    'bookstore_restocks_acknowledged_total 4',
    'bookstore_outbox_books 0',
    'bookstore_outbox_limit_books 1000',
    'bookstore_restock_attempts_total{outcome="retry"} 1',
    'bookstore_restock_attempts_total{outcome="denied"} 1'
  ]) {
    expect(metrics.split('\n')).toContain(line)
  }
})

test('an acknowledgement that cannot be written is asked for again under the same key', async () => {
  await using warehouse = await startFakeWarehouse()
  let faults = 2
  const store = createGroupCommitLedger({
    initial: emptyLedger('i'),
    isDurable: true,
    write({ restocked }) {
      if (restocked > 0 && faults-- > 0) throw new Error('database or disk is full')
    },
    close: () => undefined
  })
  await using shop = buildShop({ warehouseUrl: warehouse.url, store, ...noPauses() })
  await buy(shop)
  await settled(shop)
  expect(warehouse.seen.length).toBe(3)
  expect(new Set(warehouse.seen.map(({ headers }) => headers['idempotency-key'])).size).toBe(1)
  expect(warehouse.total()).toBe(1)
  expect(await ledgerOf(shop)).toMatchObject({ sold: 1, restocked: 1 })
})

test('a stopping store sends what waits, without the long pause it was in', async () => {
  await using warehouse = await startFakeWarehouse()
  warehouse.next({ status: 503, headers: { 'retry-after': '60' } })
  await using shop = buildShop({ warehouseUrl: warehouse.url })
  await buy(shop, 5)
  await expect.poll(() => shop.relay.status().problem).toContain('503')
  expect(await shop.relay.finish({ timeoutMs: 10_000 })).toBe(0)
  expect(warehouse.total()).toBe(5)
})

test('a stopping store gives up at its deadline and says how many books are left', async () => {
  await using shop = buildShop()
  await buy(shop, 5)
  expect(await shop.relay.finish({ timeoutMs: 50 })).toBe(5)
})

describe('with a wait for the restock', () => {
  const answerOf = (sale: Promise<unknown>) => {
    const seen = { isAnswered: false }
    void sale.then(() => {
      seen.isAnswered = true
    })
    return seen
  }

  test('a sale is answered when the warehouse has acknowledged it, and not before', async () => {
    await using warehouse = await startFakeWarehouse()
    const gate = Promise.withResolvers<void>()
    warehouse.next(gate.promise)
    await using shop = buildShop({ warehouseUrl: warehouse.url, relay: { waitMs: 100_000 } })
    const first = buy(shop)
    await warehouse.hasSeen(1)
    const second = buy(shop)
    await expect.poll(() => shop.store.current().sold).toBe(2)
    const answers = [answerOf(first), answerOf(second)]
    await shop.app.inject('/raw')
    expect(answers.map(({ isAnswered }) => isAnswered)).toEqual([false, false])
    gate.resolve()
    for (const [{ statusCode } = { statusCode: 0 }] of await Promise.all([first, second])) expect(statusCode).toBe(200)
    expect(shop.store.current().restocked).toBe(2)
  })

  test('what is refused for good, or does not get through, holds no sale up', async () => {
    await using warehouse = await startFakeWarehouse()
    await using shop = buildShop({ warehouseUrl: warehouse.url, relay: { ...noPauses().relay, waitMs: 100_000 } })
    warehouse.next({ status: 400 })
    expect((await buy(shop))[0]?.statusCode).toBe(200)
    expect(shop.store.current().dropped).toBe(1)
    const sleep = Promise.withResolvers<void>()
    await using away = buildShop({ relay: { sleep: () => sleep.promise, waitMs: 100_000 } })
    expect((await buy(away, 3)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
    // the next one asks nobody before it answers
    expect((await buy(away))[0]?.statusCode).toBe(200)
    expect(away.store.current()).toMatchObject({ sold: 4, restocked: 0 })
    sleep.resolve()
  })

  test('a warehouse that is slower than the wait holds a sale up for that long', async () => {
    await using warehouse = await startFakeWarehouse()
    const gate = Promise.withResolvers<void>()
    warehouse.next(gate.promise)
    await using shop = buildShop({ warehouseUrl: warehouse.url, relay: { waitMs: 20 } })
    expect((await buy(shop))[0]?.statusCode).toBe(200)
    expect(shop.store.current().restocked).toBe(0)
    gate.resolve()
  })
})
