import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { silentLogs } from '@bookstore/common'
import { PROBE_HEADER, TRACE_HEADERS } from '@bookstore/contract'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { buildShop } from '../test/build-shop.ts'
import { createGroupCommitLedger } from './ledger/group-commit.ts'
import { emptyLedger } from './ledger/ledger.ts'

describe('pages', () => {
  test.each(['/', '/books-bought'])('GET %s shows the sales and names the store', async url => {
    await using shop = buildShop()
    await shop.app.inject('/buy-a-book/new')
    const answer = await shop.app.inject(url)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({ identity: 'bookstore-v1', booksbought: '1' })
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(answer.body).toContain('<title>Bookstore</title>')
    expect(answer.body).toContain('Books sold: 1')
  })

  test.each(['/', '/books-bought', '/raw', '/api/ledger'])('HEAD %s is GET without the body', async url => {
    await using shop = buildShop()
    await shop.app.ready()
    const answer = await supertest(shop.app.server).head(url).expect(200)
    expect(answer.headers).toMatchObject({ identity: 'bookstore-v1', booksbought: '0' })
    expect(answer.text).toBeUndefined()
  })

  test('only the front page asks for itself again, because a sale must not be repeated', async () => {
    await using shop = buildShop()
    const { body, headers } = await shop.app.inject('/')
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY'
    })
    expect(body).toContain('setInterval')
    const sale = await shop.app.inject('/buy-a-book/new')
    const reset = await shop.app.inject('/reset')
    for (const answer of [sale, reset]) expect(answer.body).not.toMatch(/<script|refresh/)
    expect(body).not.toMatch(/<link|<img|https?:/)
    expect(body).toContain('color-scheme: light dark')
  })

  test('escape what is put into them', async () => {
    await using shop = buildShop({ app: { identity: '<b>&"' } })
    const { body } = await shop.app.inject('/')
    expect(body).toContain('&#60;b&#62;&#38;&#34;')
    expect(body).not.toContain('<b>')
  })
})

describe('GET /buy-a-book/new', () => {
  test('sells nothing to a probe, and answers it as a buyer', async () => {
    await using shop = buildShop()
    const answer = await shop.app.inject({ url: '/buy-a-book/new', headers: { [PROBE_HEADER]: '1' } })
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({ identity: 'bookstore-v1', booksbought: '0', 'bookstore-sold': '0' })
    expect((await shop.app.inject('/api/ledger')).json()).toMatchObject({ sold: 0, outbox: 0 })
  })

  test('sells one book and tells its number', async () => {
    await using shop = buildShop()
    const numbers: unknown[] = []
    for (let at = 0; at < 3; at++) {
      const { statusCode, headers, body } = await shop.app.inject('/buy-a-book/new')
      numbers.push([statusCode, headers['booksbought'], body.includes(`Books sold: ${at + 1}`)])
    }
    expect(numbers).toEqual([1, 2, 3].map(at => [200, `${at}`, true]))
    expect((await shop.app.inject('/raw')).json()).toEqual({ booksSold: 3 })
  })

  test('gives each of many buyers at a time a number of its own', async () => {
    await using shop = buildShop()
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.app.inject('/buy-a-book/new')))
    expect(new Set(answers.map(({ headers }) => headers['booksbought'])).size).toBe(50)
  })

  test.each(['HEAD', 'POST', 'PUT', 'DELETE'] as const)('%s sells nothing', async method => {
    await using shop = buildShop()
    const answer = await shop.app.inject({ method, url: '/buy-a-book/new' })
    expect(answer.statusCode).toBe(405)
    expect(answer.headers.allow).toBe('GET')
    expect(shop.store.current().sold).toBe(0)
  })

  test('is answered while there is no warehouse at all', async () => {
    await using shop = buildShop()
    expect((await shop.app.inject('/buy-a-book/new')).statusCode).toBe(200)
    expect((await shop.app.inject('/readiness')).statusCode).toBe(200)
  })

  test('counts for a buyer who leaves during the pause', async () => {
    await using shop = buildShop({ app: { saleDelay: { minMs: 60_000, maxMs: 60_000 } } })
    await shop.app.listen({ port: 0, host: '127.0.0.1', listenTextResolver: () => '' })
    const { port } = shop.app.server.address() as AddressInfo
    const buyer = connect(port, '127.0.0.1')
    buyer.write('GET /buy-a-book/new HTTP/1.1\r\nHost: x\r\n\r\n')
    await expect.poll(() => shop.store.current().sold).toBe(1)
    buyer.destroy()
    await once(buyer, 'close')
    expect((await shop.app.inject('/raw')).json()).toEqual({ booksSold: 1 })
  })

  test('is answered at once when the store stops during the pause', async () => {
    await using shop = buildShop({ app: { saleDelay: { minMs: 60_000, maxMs: 60_000 } } })
    await shop.app.listen({ port: 0, host: '127.0.0.1', listenTextResolver: () => '' })
    const { port } = shop.app.server.address() as AddressInfo
    const asked = fetch(`http://127.0.0.1:${port}/buy-a-book/new`)
    await expect.poll(() => shop.store.current().sold).toBe(1)
    await shop.app.close()
    const answer = await asked
    expect(answer.status).toBe(200)
    expect(answer.headers.get('booksbought')).toBe('1')
    await answer.text()
  })

  test('is refused, and no sale lost, when the outbox is full', async () => {
    await using shop = buildShop({ app: { outboxMax: 1 } })
    await shop.app.inject('/buy-a-book/new')
    const answer = await shop.app.inject('/buy-a-book/new')
    expect(answer.statusCode).toBe(503)
    expect(answer.headers['retry-after']).toBe('5')
    expect(answer.json()).toMatchObject({ code: 'OUTBOX_FULL' })
    expect(shop.store.current()).toMatchObject({ counter: 1, sold: 1 })
    expect(await shop.registry.metrics()).toContain('bookstore_sales_refused_total{reason="outbox_full"} 1')
  })

  test('is refused when the books cannot be written', async () => {
    const store = createGroupCommitLedger({
      initial: emptyLedger('i'),
      isDurable: true,
      write() {
        throw new Error('database or disk is full')
      },
      close: () => undefined
    })
    await using shop = buildShop({ store })
    const answer = await shop.app.inject('/buy-a-book/new')
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ code: 'LEDGER_NOT_WRITABLE' })
    expect(answer.headers).toMatchObject({ 'retry-after': '5', 'bookstore-sold': '0' })
  })
})

describe('every answer', () => {
  test.each(['/', '/books-bought', '/buy-a-book/new', '/raw', '/reset', '/nowhere', '/liveness'])(
    'of %s repeats the tracing headers and tells the books',
    async url => {
      await using shop = buildShop()
      const trace = Object.fromEntries(TRACE_HEADERS.map((name, at) => [name, `value-${at}`]))
      const { headers } = await shop.app.inject({ url, headers: trace })
      expect(headers).toMatchObject(trace)
      expect(headers).toMatchObject({
        'bookstore-instance': 'instance-1',
        'bookstore-sold': url === '/buy-a-book/new' ? '1' : '0',
        'bookstore-restocked': '0',
        'bookstore-outbox': url === '/buy-a-book/new' ? '1' : '0'
      })
      expect(headers).not.toHaveProperty('bookwarehouse-total')
    }
  )

  test('of an unknown path is a 404, of another method a 405 with Allow', async () => {
    await using shop = buildShop()
    expect((await shop.app.inject('/admin')).statusCode).toBe(404)
    const answer = await shop.app.inject({ method: 'DELETE', url: '/books-bought' })
    expect(answer.statusCode).toBe(405)
    expect(answer.headers.allow).toBe('GET, HEAD, POST')
  })
})

test.each(['/liveness', '/readiness', '/startup'])('the probe %s is good', async url => {
  await using shop = buildShop()
  expect((await shop.app.inject(url)).statusCode).toBe(200)
})

test('GET /api/ledger tells the whole books', async () => {
  await using shop = buildShop({ app: { outboxMax: 50 } })
  await shop.app.inject('/buy-a-book/new')
  expect((await shop.app.inject('/api/ledger')).json()).toEqual({
    instance: 'instance-1',
    identity: 'bookstore-v1',
    sold: 1,
    restocked: 0,
    outbox: 1,
    dropped: 0,
    warehouseTotal: null,
    outboxMax: 50,
    isDurable: false
  })
})

test('a Go client is served: its user agent, no keep-alive, an integer without content type', async () => {
  await using shop = buildShop()
  await shop.app.listen({ port: 0, host: '127.0.0.1', listenTextResolver: () => '' })
  const { port } = shop.app.server.address() as AddressInfo
  const ask = async (request: string) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(request)
    const chunks = await socket.toArray()
    return Buffer.concat(chunks).toString()
  }
  const common = `Host: 127.0.0.1:${port}\r\nUser-Agent: Go-http-client/1.1\r\nConnection: close\r\n`
  const set = await ask(`POST /books-bought HTTP/1.1\r\n${common}Content-Length: 2\r\n\r\n41`)
  expect(set).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  const sold = await ask(
    `GET /buy-a-book/new HTTP/1.1\r\n${common}Client-App: bookbuyer\r\nAccept-Encoding: gzip\r\n\r\n`
  )
  expect(sold).toMatch(/\r\nidentity: bookstore-v1\r\n/i)
  expect(sold).toMatch(/\r\nbooksbought: 42\r\n/i)
  expect(sold).toContain('Books sold: 42')
})

test('LOG_FORMAT=osm prints the lines of the original, and nothing of the request', async () => {
  const lines: string[] = []
  const logs = { ...silentLogs(), osmLine: (line: string) => void lines.push(line) }
  await using shop = buildShop({ logs })
  await shop.app.inject({ url: '/buy-a-book/new?\n<x>', headers: { authorization: 'secret' } })
  expect(lines.slice(0, 2)).toEqual(['Selling a book!', 'bookstore-v1;  URL: "/buy-a-book/new";  Count: 1'])
  expect(lines.join()).not.toMatch(/secret|<x>/)
})

test('a client is told whom the mesh proved it to be, or nothing', async () => {
  await using shop = buildShop()
  const headers = { 'x-forwarded-client-cert': 'By=x;URI=spiffe://c/ns/b/sa/bookbuyer' }
  const proven = await shop.app.inject({ url: '/books-bought', headers })
  expect(proven.headers['bookstore-client-identity']).toBe('spiffe://c/ns/b/sa/bookbuyer')
  const unproven = await shop.app.inject('/books-bought')
  expect(unproven.headers['bookstore-client-identity']).toBeUndefined()
})
