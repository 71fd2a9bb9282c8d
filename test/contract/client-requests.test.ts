import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { startApp, tempDir, waitFor } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'

/** A server that answers like the original's Go programs and remembers what it was asked. */
async function fakeServer(answer: RequestListener) {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    of: (path: string) => requests.filter(({ url }) => url === path),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}

// what Go's net/http sends for the original's handlers: canonical header names, text/html, chunked
const goStore: RequestListener = (_request, response) => {
  response.sendDate = true
  response.writeHead(200, {
    Booksbought: '7',
    Identity: 'bookstore-v2',
    'Content-Type': 'text/html; charset=utf-8'
  })
  response.write('<!doctype html>\n<html>')
  response.end('</html>\n')
}

describe('what the shoppers ask, as the official policies match it', () => {
  test.each([
    ['bookbuyer', 'booksBought'],
    ['bookthief', 'booksStolen']
  ])('%s looks and buys with the headers of the contract, and buys from a Go store', async (app, key) => {
    await using store = await fakeServer(goStore)
    await using shopper = await startApp({
      main: `apps/${app}/src/main.ts`,
      env: { BOOKSTORE_URL: store.url, CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0' }
    })
    await waitFor(() => store.of('/buy-a-book/new').length > 2)
    const [looked] = store.of('/books-bought')
    const [bought] = store.of('/buy-a-book/new')
    expect(looked).toMatchObject({
      method: 'GET',
      headers: { 'client-app': 'bookbuyer', 'user-agent': 'Go-http-client/1.1' }
    })
    expect(bought).toMatchObject({
      method: 'GET',
      headers: { 'user-agent': 'Go-http-client/1.1' }
    })
    expect(bought?.headers['client-app']).toBeUndefined()
    const raw = await waitFor(async () => {
      const answer = await fetch(`${shopper.url}/raw`)
      const counts = (await answer.json()) as Record<string, number>
      return (counts[key] ?? 0) > 0 && counts
    })
    expect(raw).toEqual({
      [key]: raw[`${key}V2`],
      [`${key}V1`]: 0,
      [`${key}V2`]: raw[`${key}V2`]
    })
  })

  test('the number of workers and the pace are those of the environment', async () => {
    let active = 0
    let most = 0
    await using store = await fakeServer((request, response) => {
      most = Math.max(most, ++active)
      setImmediate(() => {
        active--
        goStore(request, response)
      })
    })
    await using _shopper = await startApp({
      main: 'apps/bookbuyer/src/main.ts',
      env: {
        BOOKSTORE_URL: store.url,
        CI_CLIENT_CONCURRENT_CONNECTIONS: '4',
        CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0'
      }
    })
    await waitFor(() => store.requests.length > 200)
    expect(most).toBeLessThanOrEqual(4)
    expect(most).toBeGreaterThan(1)
  })

  test.each(['on', 'off'])('HTTP_KEEP_ALIVE=%s decides on connections', async keepAlive => {
    await using store = await fakeServer(goStore)
    await using _shopper = await startApp({
      main: 'apps/bookbuyer/src/main.ts',
      env: {
        BOOKSTORE_URL: store.url,
        HTTP_KEEP_ALIVE: keepAlive,
        CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0'
      }
    })
    await waitFor(() => store.requests.length > 20)
    const requests = [...store.requests]
    const connections = new Set(requests.map(({ socket }) => socket))
    if (keepAlive === 'off') expect(connections.size).toBe(requests.length)
    // the next request may begin just before the pool has its connection back
    else expect(connections.size).toBeLessThanOrEqual(3)
  })

  test('LOG_FORMAT=osm says failure once the verdict is that, in both wordings', async () => {
    await using store = await fakeServer(goStore)
    await using buyer = await startApp({
      main: 'apps/bookbuyer/src/main.ts',
      env: {
        BOOKSTORE_URL: store.url,
        LOG_FORMAT: 'osm',
        EXPECTED_SPLIT: 'bookstore-v1=100,bookstore-v2=0',
        VERDICT_SETTLE_SECONDS: '0',
        CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.01'
      }
    })
    await buyer.waitForLine(/^MAESTRO, WE HAVE A PROBLEM! THIS TEST FAILED!$/)
    await buyer.waitForLine(/^MAESTRO! THIS TEST FAILED!$/)
  })

  test('used-up iterations end the program with the exit code of the test', async () => {
    await using store = await fakeServer(goStore)
    const env = {
      BOOKSTORE_URL: store.url,
      LOG_FORMAT: 'osm',
      CI_MAX_ITERATIONS_THRESHOLD: '2',
      CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0'
    }
    await using buyer = await startApp({ main: 'apps/bookbuyer/src/main.ts', env })
    expect(await buyer.exited).toEqual({ code: 0, signal: null })
    expect(buyer.stdout).toContain('MAESTRO! THIS TEST SUCCEEDED!')
    expect(buyer.stdout).toContain('--- bookbuyer:[ 1 ] -----------------------------------------')
    expect(buyer.stdout).toContain('Threshold of 2 iterations exceeded')

    await using thief = await startApp({ main: 'apps/bookthief/src/main.ts', env })
    expect(await thief.exited).toEqual({ code: 1, signal: null })
    expect(thief.stdout).toContain('MAESTRO! THIS TEST FAILED!')
  })
})

describe('the restock call', () => {
  test('is the integer, the user agent and the tracing headers of the sale that the contract names', async () => {
    let body = ''
    await using warehouse = await fakeServer(async (request, response) => {
      body = await text(request)
      response.end(`{"restocked":${body}}`)
    })
    await using store = await startApp({
      main: 'apps/bookstore/src/main.ts',
      env: { IDENTITY: 'bookstore-v1', BOOKWAREHOUSE_URL: warehouse.url }
    })
    const trace = { 'x-request-id': 'r-1', 'uber-trace-id': 'u-1', 'x-ot-span-context': 'o-1' }
    await (await fetch(`${store.url}/buy-a-book/new`, { headers: trace })).text()
    const restock = await waitFor(() => warehouse.requests[0])
    expect(restock).toMatchObject({
      method: 'POST',
      url: '/restock-books',
      headers: { 'user-agent': 'Go-http-client/1.1', ...trace }
    })
    expect(body).toBe('1')
  })
})

/** One request as Go's net/http writes it without keep-alive, and the whole answer. */
async function askAsGo(url: string, lines: readonly string[], body = ''): Promise<string> {
  const { hostname, port, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  const length = body === '' ? [] : [`Content-Length: ${body.length}`]
  const head = [lines[0], `Host: ${host}`, 'User-Agent: Go-http-client/1.1', ...length]
  socket.write([...head, 'Accept-Encoding: gzip', 'Connection: close', '', body].join('\r\n'))
  return text(socket)
}

describe('a Go client without keep-alive', () => {
  test('is sold books', async () => {
    await using store = await startApp({
      main: 'apps/bookstore/src/main.ts',
      env: { IDENTITY: 'bookstore-v1', BOOKWAREHOUSE_URL: 'http://127.0.0.1:9' }
    })
    const sold = await askAsGo(store.url, ['GET /buy-a-book/new HTTP/1.1'])
    expect(sold).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(sold).toMatch(/\r\nidentity: bookstore-v1\r\n/i)
    expect(sold).toMatch(/\r\nbooksbought: 1\r\n/i)
    const set = await askAsGo(store.url, ['POST /books-bought HTTP/1.1'], '41')
    expect(set).toMatch(/\r\nbooksbought: 41\r\n/i)
  })

  test('restocks the warehouse, without a key and without a content type', async () => {
    await using folder = await tempDir()
    await using warehouse = await startApp({
      main: 'apps/bookwarehouse/src/main.ts',
      env: { IDENTITY: 'bookwarehouse', DATABASE_URL: `sqlite:${folder.path}/stock.db` }
    })
    for (const path of ['/restock-books', '/']) {
      const answer = await askAsGo(warehouse.url, [`POST ${path} HTTP/1.1`], '3')
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\{"restocked":3\}/s)
      expect(answer).toMatch(/\r\nidentity: bookwarehouse\r\n/i)
    }
    expect(await (await fetch(`${warehouse.url}/raw`)).json()).toEqual({ totalBooks: 6 })
  })
})
