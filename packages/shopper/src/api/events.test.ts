import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createReadiness, createServer, silentLogs } from '@bookstore/common'
import { expect, test } from 'vitest'
import { addEvents, type EventView } from './events.ts'

const INTERVAL_MS = 20

async function serve(views: Record<string, EventView>, maxListeners = 4) {
  const app = createServer({ logger: silentLogs().logger, readiness: createReadiness() })
  addEvents(app, { views, intervalMs: INTERVAL_MS, maxListeners })
  await app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => '' })
  const { port } = app.server.address() as AddressInfo
  return { app, port, url: `http://127.0.0.1:${port}/api/events` }
}

async function* messagesOf(response: Response): AsyncGenerator<{ event: string; data: string }> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const [, event, data] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? []
      text = text.slice(end + 2)
      if (event !== undefined && data !== undefined) yield { event, data }
    }
  }
}

const numbered = (event: string) => {
  let number = 0
  return { event, read: () => JSON.stringify(++number) }
}

test('a listener gets the newest data of the view it asked for, again and again', async () => {
  const { app, url } = await serve({ snapshot: numbered('snapshot'), page: numbered('live') })
  const messages = messagesOf(await fetch(`${url}?view=page`))
  expect((await messages.next()).value).toEqual({ event: 'live', data: '1' })
  expect((await messages.next()).value).toEqual({ event: 'live', data: '2' })
  const first = await messagesOf(await fetch(url)).next()
  expect(first.value.event).toBe('snapshot')
  await app.close()
})

test('the stream ends when the server closes, without delay', async () => {
  const { app, url } = await serve({ snapshot: numbered('snapshot') })
  const messages = messagesOf(await fetch(url))
  await messages.next()
  await app.close()
  const rest: unknown[] = []
  for await (const message of messages) rest.push(message)
  expect(rest.length).toBeLessThan(5)
})

test('an unknown view is a 400 that lists the views; too many listeners are a 503', async () => {
  const { app, url } = await serve({ snapshot: numbered('snapshot') }, 1)
  expect((await fetch(`${url}?view=x`)).status).toBe(400)
  expect((await fetch(`${url}?view=constructor`)).status).toBe(400)
  const first = new AbortController()
  const messages = messagesOf(await fetch(url, { signal: first.signal }))
  await messages.next()
  const second = await fetch(url)
  expect([second.status, second.headers.get('retry-after')]).toEqual([503, '5'])
  first.abort()
  await expect.poll(() => statusThenLeave(url)).toBe(200)
  await app.close()
})

test('five hundred watch one shopper, and the next one can still look', async () => {
  let renderings = 0
  const read = () => JSON.stringify({ at: ++renderings, markup: 'x'.repeat(30_000) })
  const app = createServer({ logger: silentLogs().logger, readiness: createReadiness() })
  addEvents(app, { views: { page: { event: 'live', read } }, intervalMs: 1000 })
  await app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => '' })
  const { port } = app.server.address() as AddressInfo
  const startedAt = performance.now()
  const sockets = await Promise.all(Array.from({ length: 500 }, () => firstBytes(port)))
  const url = `http://127.0.0.1:${port}/api/events`
  expect((await fetch(url)).status).toBe(503)
  expect(await (await fetch(`${url}/latest?view=page`)).json()).toMatchObject({ markup: expect.any(String) })
  // one a second for all of them, and not one for each
  expect(renderings).toBeLessThan(5 + (performance.now() - startedAt) / 500)
  for (const socket of sockets) socket.destroy()
  await app.close()
})

async function firstBytes(port: number) {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write('GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(socket, 'data')
  return socket.resume()
}

async function statusThenLeave(url: string): Promise<number> {
  const controller = new AbortController()
  const { status } = await fetch(url, { signal: controller.signal })
  controller.abort()
  return status
}

test('a listener that does not read holds one message, not one for every round', async () => {
  const size = 512 * 1024
  const { app, port, url } = await serve({
    snapshot: { event: 'snapshot', read: () => JSON.stringify('x'.repeat(size)) }
  })
  const waiting: number[] = []
  app.server.on('request', (_request, response) => {
    waiting.push(0)
    const at = waiting.length - 1
    response.on('close', () => clearInterval(timer))
    const timer = setInterval(() => {
      waiting[at] = Math.max(waiting[at] ?? 0, response.writableLength)
    }, INTERVAL_MS)
  })
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  socket.pause()
  socket.write('GET /api/events HTTP/1.1\r\nHost: x\r\n\r\n')
  // a reader beside it marks the rounds
  const reader = messagesOf(await fetch(url))
  for (let round = 0; round < 40; round++) await reader.next()
  expect(waiting[0]).toBeGreaterThan(0)
  expect(waiting[0]).toBeLessThan(3 * size)
  socket.destroy()
  await app.close()
})
