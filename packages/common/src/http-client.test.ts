import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createHttpClient } from './http-client.ts'

async function serve(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connections = new Set<number>()
  server.on('connection', socket => connections.add(socket.remotePort ?? 0))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}

test('gives status, headers and body, whatever the status', async () => {
  await using server = await serve((request, response) => {
    response.writeHead(403, { identity: request.headers['user-agent'] ?? '' }).end(request.url)
  })
  const client = createHttpClient()
  const answer = await client.request({
    url: `${server.url}/a?b`,
    headers: { 'user-agent': 'Go-http-client/1.1' }
  })
  expect(answer).toMatchObject({
    status: 403,
    body: '/a?b',
    headers: { identity: 'Go-http-client/1.1' }
  })
  await client.close()
})

test('an answer that does not come in time ends with an error', async () => {
  await using server = await serve(() => undefined)
  const client = createHttpClient({ timeoutMs: 50 })
  await expect(client.request({ url: server.url })).rejects.toMatchObject({
    name: expect.stringMatching(/Timeout/)
  })
  await client.close()
})

test('a caller can give up', async () => {
  await using server = await serve(() => undefined)
  const client = createHttpClient()
  const controller = new AbortController()
  const asked = client.request({ url: server.url, signal: controller.signal })
  controller.abort(new Error('no longer'))
  await expect(asked).rejects.toThrow('no longer')
  await client.close()
})

test('a caller can give up while the answer comes', async () => {
  const controller = new AbortController()
  await using server = await serve((_request, response) => {
    response.write('the first part', () => setImmediate(() => controller.abort(new Error('no longer'))))
  })
  const client = createHttpClient()
  await expect(client.request({ url: server.url, signal: controller.signal })).rejects.toThrow('no longer')
  await client.close()
})

test('a caller can give up while the request waits for a connection', async () => {
  await using server = await serve(() => undefined)
  const client = createHttpClient({ connections: 1, timeoutMs: 300_000 })
  const [first, second] = [new AbortController(), new AbortController()]
  const busy = client.request({ url: server.url, signal: first.signal })
  const waiting = client.request({ url: server.url, signal: second.signal })
  second.abort(new Error('no longer'))
  await expect(waiting).rejects.toThrow('no longer')
  first.abort(new Error('no longer either'))
  await expect(busy).rejects.toThrow('no longer either')
  await client.close()
})

test('a caller that has given up already asks nothing', async () => {
  await using server = await serve((_request, response) => response.end())
  const client = createHttpClient()
  await expect(client.request({ url: server.url, signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no')
  expect(server.connections.size).toBe(0)
  await client.close()
})

test('an answer is whole: that of several parts, after an early one, as UTF-8 without its mark', async () => {
  await using server = await serve((_request, response) => {
    const bytes = Buffer.from('\uFEFFgrün')
    response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    response.write(bytes.subarray(0, 6), () => setImmediate(() => response.end(bytes.subarray(6))))
  })
  const client = createHttpClient()
  expect(await client.request({ url: server.url })).toMatchObject({ status: 200, body: 'grün' })
  await client.close()
})

test('a request that cannot be sent is refused', async () => {
  const client = createHttpClient()
  await expect(client.request({ url: 'http://127.0.0.1:9', headers: { 'a header': 'no' } })).rejects.toMatchObject({
    code: 'UND_ERR_INVALID_ARG'
  })
  await client.close()
})

test('an answer over the limit is refused', async () => {
  await using server = await serve((_request, response) => response.end('x'.repeat(5000)))
  const client = createHttpClient({ maxBodyBytes: 1000 })
  await expect(client.request({ url: server.url })).rejects.toMatchObject({
    code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
  })
  await client.close()
})

test('connections are kept, unless that is switched off', async () => {
  await using server = await serve((_request, response) => response.end())
  const connectionsOfTen = async (keepAlive: boolean) => {
    server.connections.clear()
    const client = createHttpClient({ keepAlive })
    for (let at = 0; at < 10; at++) await client.request({ url: server.url })
    await client.close()
    return server.connections.size
  }
  // undici may open a second one while the first is still being handed back
  expect(await connectionsOfTen(true)).toBeLessThanOrEqual(2)
  expect(await connectionsOfTen(false)).toBe(10)
})

test('answers name the connection that carried them, one name for each', async () => {
  await using server = await serve((request, response) => response.end(String(request.socket.remotePort)))
  const client = createHttpClient({ connections: 4 })
  const answers = []
  for (let round = 0; round < 5; round++) {
    answers.push(...(await Promise.all(Array.from({ length: 8 }, () => client.request({ url: server.url })))))
  }
  client.renewConnections()
  answers.push(await client.request({ url: server.url }))
  await client.close()
  const pairs = new Set(answers.map(({ connection, body }) => `${connection} on port ${body}`))
  expect(new Set(answers.map(({ connection }) => connection)).size).toBe(pairs.size)
  expect(new Set(answers.map(({ body }) => body)).size).toBe(pairs.size)
  expect(pairs.size).toBeGreaterThanOrEqual(5)
})

test('renewed connections are fresh, and answers say since when', async () => {
  await using server = await serve((_request, response) => response.end())
  const client = createHttpClient()
  const before = await client.request({ url: server.url })
  client.renewConnections()
  const after = await client.request({ url: server.url })
  expect(server.connections.size).toBe(2)
  expect(after.connectionsSince).toBeGreaterThanOrEqual(before.connectionsSince)
  await client.close()
})
