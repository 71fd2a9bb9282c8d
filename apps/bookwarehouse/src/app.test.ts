import { createReadiness, createRequestMetrics, Registry, silentLogs } from '@bookstore/common'
import { PROBE_HEADER } from '@bookstore/contract'
import { waitFor } from '@bookstore/testing'
import supertest from 'supertest'
import { expect, test } from 'vitest'
import { buildApp } from './app.ts'
import { createSqliteStock } from './stock/sqlite-stock.ts'
import { MAX_TOTAL, type Stock, StockUnavailableError } from './stock/stock.ts'
import { createWarehouse } from './warehouse.ts'

interface SetUp {
  /** Changes the stock that the warehouse sees. */
  readonly broken?: (stock: Stock) => Partial<Stock>
  readonly maxWaiting?: number
  readonly waitsForDatabase?: boolean
  readonly maxConcurrentRequests?: number
  readonly allowedHosts?: readonly string[]
}

async function setUp({
  broken = () => ({}),
  maxWaiting = 10,
  waitsForDatabase = true,
  maxConcurrentRequests = 512,
  allowedHosts = []
}: SetUp = {}) {
  const memory = createSqliteStock({ file: ':memory:' })
  const stock = { ...memory, ...broken(memory) }
  const lines: string[] = []
  const logs = { ...silentLogs(), osmLine: (line: string) => void lines.push(line) }
  const registry = new Registry()
  const readiness = createReadiness()
  const warehouse = createWarehouse({ stock, logs, registry, readiness, maxWaiting })
  const app = buildApp({
    warehouse,
    identity: 'bookwarehouse',
    logger: logs.logger,
    readiness,
    requestMetrics: createRequestMetrics(registry),
    maxConcurrentRequests,
    allowedHosts
  })
  await app.ready()
  warehouse.start()
  if (waitsForDatabase) await waitFor(() => readiness.isReady())
  const request = supertest(app.server)
  return {
    app,
    lines,
    registry,
    request,
    restock: (body: string, headers: Record<string, string> = {}) =>
      request.post('/restock-books').set(headers).send(body),
    totalBooks: async () => (await request.get('/raw')).body.totalBooks as number,
    async [Symbol.asyncDispose]() {
      await app.close()
      await warehouse.close()
    }
  }
}

test.each(['/restock-books', '/'])('POST %s adds the books of its body', async path => {
  await using t = await setUp()
  const answer = await t.request.post(path).send('5').expect(200, { restocked: 5 })
  expect(answer.headers).toMatchObject({ identity: 'bookwarehouse', 'bookwarehouse-total': '5' })
  expect(await t.totalBooks()).toBe(5)
})

test('a probe brings no books', async () => {
  await using t = await setUp()
  const answer = await t.restock('5', { [PROBE_HEADER]: '1' }).expect(200, { restocked: 0 })
  expect(answer.headers).toMatchObject({ identity: 'bookwarehouse' })
  expect(await t.totalBooks()).toBe(0)
})

test('a body without content type, as the Go client sends it, is read', async () => {
  await using t = await setUp()
  const answer = await t.app.inject({ method: 'POST', url: '/restock-books', payload: '1' })
  expect(answer.json()).toEqual({ restocked: 1 })
})

test('the tracing headers come back', async () => {
  await using t = await setUp()
  const headers = { 'x-request-id': 'r1', 'x-b3-traceid': 'abc', 'uber-trace-id': 'u' }
  const answer = await t.restock('1', headers)
  expect(answer.headers).toMatchObject(headers)
})

test.each([
  ['-1', 400],
  ['1.5', 400],
  ['1e400', 400],
  ['"x"', 400],
  ['{}', 400],
  ['', 400],
  ['NaN', 400]
])('the body %j is answered %i with a reason and adds nothing', async (body, status) => {
  await using t = await setUp()
  const answer = await t.restock(body, { 'content-type': 'application/json' }).expect(status)
  const got = body === '' ? 'an empty body' : JSON.stringify(body)
  expect(answer.body.statusCode).toBe(status)
  expect(answer.body.message).toMatch(/^expected the number of books as a whole number from 0 to /)
  expect(answer.body.message.endsWith(`, got ${got}`)).toBe(true)
  expect(answer.headers['identity']).toBe('bookwarehouse')
  expect(await t.totalBooks()).toBe(0)
})

test('every answer names the warehouse, also one that is refused before any route', async () => {
  await using busy = await setUp({ maxConcurrentRequests: 0 })
  for (const path of ['/restock-books', '/nowhere', '/raw']) {
    const answer = await busy.request.get(path).expect(503)
    expect(answer.headers).toMatchObject({ identity: 'bookwarehouse', 'retry-after': '1' })
  }
  await using idle = await setUp()
  for (const path of ['/restock-books', '/nowhere', '/raw', '/', '/readiness']) {
    expect((await idle.request.get(path)).headers['identity']).toBe('bookwarehouse')
  }
})

test('a body of 2 MB is answered 413 and adds nothing', async () => {
  await using t = await setUp()
  await t.restock('1'.repeat(2_000_000), { 'content-type': 'application/json' }).expect(413)
  expect(await t.totalBooks()).toBe(0)
})

test('a page of another site is answered 403 and adds nothing, a page of this server and a store may restock', async () => {
  await using shop = await setUp()
  for (const path of ['/', '/restock-books']) {
    const post = (headers: Record<string, string>) => shop.request.post(path).set(headers).send('1')
    await post({ Origin: 'http://evil.example' }).expect(403)
    await post({ 'Sec-Fetch-Site': 'cross-site' }).expect(403)
    await post({ Origin: 'http://evil.example', Host: 'evil.example' }).expect(403)
    await post({ Origin: 'http://localhost:14001', Host: 'localhost:14001' }).expect(200)
    await post({ Host: 'bookwarehouse.bookwarehouse' }).expect(200)
  }
  expect(await shop.totalBooks()).toBe(4)
})

test('a page of a host in ALLOWED_HOSTS may restock, too', async () => {
  const post = async (allowedHosts: readonly string[]) => {
    await using shop = await setUp({ allowedHosts })
    const headers = { Origin: 'http://shop.example', Host: 'shop.example' }
    return (await shop.request.post('/').set(headers).send('1')).status
  }
  expect(await post([])).toBe(403)
  expect(await post(['shop.example'])).toBe(200)
})

test('a body of another type is answered 415 and adds nothing', async () => {
  await using t = await setUp()
  await t.restock('1', { 'content-type': 'application/xml' }).expect(415)
  expect(await t.totalBooks()).toBe(0)
})

test('a key is added once and its repetition says so', async () => {
  await using t = await setUp()
  const headers = { 'idempotency-key': '"sale-1"' }
  const first = await t.restock('2', headers).expect(200, { restocked: 2 })
  expect(first.headers).not.toHaveProperty('idempotency-replayed')
  const second = await t.restock('2', headers).expect(200, { restocked: 2 })
  expect(second.headers).toMatchObject({
    'idempotency-replayed': 'true',
    'bookwarehouse-total': '2'
  })
  await t.restock('2', { 'idempotency-key': '"sale-2"' }).expect(200)
  expect(await t.totalBooks()).toBe(4)
})

test('a key with another amount is answered 422 and adds nothing', async () => {
  await using t = await setUp()
  await t.restock('2', { 'idempotency-key': 'k' })
  const answer = await t.restock('3', { 'idempotency-key': 'k' }).expect(422)
  expect(answer.body.message).toContain('expected 2 books')
  expect(await t.totalBooks()).toBe(2)
})

test('a key that is too long is answered 400 and adds nothing', async () => {
  await using t = await setUp()
  await t.restock('2', { 'idempotency-key': 'k'.repeat(256) }).expect(400)
  expect(await t.totalBooks()).toBe(0)
})

test('a total that would not be exact any more is answered 422', async () => {
  await using t = await setUp()
  await t.restock(`${MAX_TOTAL}`).expect(200)
  await t.restock('1').expect(422)
  expect(await t.totalBooks()).toBe(MAX_TOTAL)
})

test('GET / is a page that shows the total', async () => {
  await using t = await setUp()
  await t.restock('1234')
  const { text, headers } = await t.request.get('/').expect(200)
  expect(text).toContain('<title>Bookwarehouse</title>')
  expect(text).toContain('<span class="total">1234</span>')
  expect(text).not.toContain('Not ready')
  expect(headers['content-type']).toMatch('text/html')
  expect(headers['content-security-policy']).toContain("default-src 'none'")
})

test('without its database the page and the readiness say why, escaped, and restocks come later', async () => {
  const open = () => Promise.reject(new StockUnavailableError('<gone>'))
  await using t = await setUp({ broken: () => ({ open }), waitsForDatabase: false })
  const { text } = await waitFor(async () => {
    const page = await t.request.get('/').expect(200)
    return page.text.includes('gone') && page
  })
  expect(text).toContain('<li>database: &#60;gone&#62;</li>')
  expect(text).toContain('unknown')
  await t.request.get('/readiness').expect(503)
  await t.request.get('/liveness').expect(200)
  const answer = await t.restock('1').expect(503)
  expect(answer.headers['retry-after']).toBe('1')
  await t.request.get('/raw').expect(503)
})

test('a commit whose end is unknown is answered 503, and the repeated key adds nothing more', async () => {
  let isLost = true
  const broken = (stock: Stock): Partial<Stock> => ({
    async add(batch) {
      const outcomes = await stock.add(batch)
      if (isLost) throw new StockUnavailableError('lost after the commit')
      return outcomes
    }
  })
  await using t = await setUp({ broken })
  const headers = { 'idempotency-key': 'k' }
  const lost = await t.restock('1', headers).expect(503)
  expect(lost.headers['retry-after']).toBe('1')
  isLost = false
  await waitFor(async () => (await t.restock('1', headers)).status === 200)
  expect(await t.totalBooks()).toBe(1)
})

test('more restocks than may wait are told to come back, the others are added', async () => {
  const held = Promise.withResolvers<void>()
  const broken = (stock: Stock): Partial<Stock> => ({
    add: batch => held.promise.then(() => stock.add(batch))
  })
  await using t = await setUp({ broken, maxWaiting: 3 })
  const payload = '1'
  const answers = Array.from({ length: 5 }, () => t.app.inject({ method: 'POST', url: '/restock-books', payload }))
  held.resolve()
  const statuses = (await Promise.all(answers)).map(({ statusCode }) => statusCode)
  expect(statuses.toSorted()).toEqual([200, 200, 200, 503, 503])
  expect(await t.totalBooks()).toBe(3)
})

test('the lines of the original come at every restock, the success line from three books on', async () => {
  await using t = await setUp()
  await t.restock('2', { 'idempotency-key': 'k' })
  await t.restock('2', { 'idempotency-key': 'k' })
  await t.restock('1')
  await t.restock('1')
  expect(t.lines).toEqual([
    'Restocking bookstore with 2 new books; Total so far: 2',
    'Restocking bookstore with 1 new books; Total so far: 3',
    'MAESTRO! THIS TEST SUCCEEDED!',
    'Restocking bookstore with 1 new books; Total so far: 4',
    'MAESTRO! THIS TEST SUCCEEDED!'
  ])
})

test('the metrics account for every restock', async () => {
  await using t = await setUp()
  await t.restock('2', { 'idempotency-key': 'k' })
  await t.restock('2', { 'idempotency-key': 'k' })
  await t.restock('3', { 'idempotency-key': 'k' })
  await t.restock('40')
  const metrics = await t.registry.metrics()
  for (const line of [
    'bookwarehouse_restocks_total{outcome="added"} 2',
    'bookwarehouse_restocks_total{outcome="replayed"} 1',
    'bookwarehouse_restocks_total{outcome="conflict"} 1',
    'bookwarehouse_books_total 42',
    'bookwarehouse_stock_books 42',
    'bookwarehouse_database_up 1',
    'bookwarehouse_batch_restocks_count 4',
    'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/restock-books",http_response_status_code="200"} 3'
  ]) {
    expect(metrics).toContain(line)
  }
})

test('unknown paths are answered 404 and other methods 405 with what is allowed', async () => {
  await using t = await setUp()
  await t.request.get('/nowhere').expect(404)
  const answer = await t.request.get('/restock-books').expect(405)
  expect(answer.headers['allow']).toBe('POST')
  expect((await t.request.delete('/').expect(405)).headers['allow']).toBe('GET, POST')
})
