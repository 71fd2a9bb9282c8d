import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { silentLogs } from './logger.ts'
import { createReadiness } from './readiness.ts'
import { createServer, type ServerOptions } from './server.ts'

const { logger } = silentLogs()

function build(options: Partial<ServerOptions> = {}) {
  const readiness = options.readiness ?? createReadiness()
  const app = createServer({ logger, readiness, ...options })
  app.post('/echo', async request => ({ body: request.body ?? null }))
  app.get('/fail', async () => {
    throw new Error('the password is hunter2')
  })
  return app
}

describe('errors', () => {
  test('an unknown path is a 404 that names it', async () => {
    await using app = build()
    const answer = await app.inject('/nowhere?x=1')
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ code: 'NOT_FOUND', message: 'no such path: /nowhere' })
  })

  test('another method is a 405 with Allow', async () => {
    await using app = build()
    const answer = await app.inject({ method: 'DELETE', url: '/echo?x' })
    expect(answer.statusCode).toBe(405)
    expect(answer.headers.allow).toBe('POST')
  })

  test('HEAD is not answered where a route does not say so', async () => {
    await using app = build()
    expect((await app.inject({ method: 'HEAD', url: '/fail' })).statusCode).toBe(405)
  })

  test('what went wrong inside is not told outside', async () => {
    await using app = build()
    const answer = await app.inject('/fail')
    expect(answer.statusCode).toBe(500)
    expect(answer.body).not.toContain('hunter2')
  })

  test.each([
    ['application/xml', '5', 415],
    ['application/json', 'x'.repeat(20_000), 413],
    ['text/plain', '5', 200],
    ['application/x-www-form-urlencoded', '5', 200]
  ])('a body of type %s and its size decide', async (type, payload, status) => {
    await using app = build()
    const answer = await app.inject({
      method: 'POST',
      url: '/echo',
      payload,
      headers: { 'content-type': type }
    })
    expect(answer.statusCode).toBe(status)
  })

  test('a body that is too large is told the limit', async () => {
    await using app = build()
    const answer = await app.inject({ method: 'POST', url: '/echo', payload: 'x'.repeat(20_000) })
    expect(answer.json()).toMatchObject({
      statusCode: 413,
      message: 'expected a body of at most 16384 bytes, got more'
    })
  })

  test('a body without any type is text, as the Go client sends it', async () => {
    await using app = build()
    await app.ready()
    const { port } = await listening(app)
    const socket = connect(port, '127.0.0.1')
    socket.end('POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\n5')
    const [data] = await once(socket, 'data')
    expect(String(data)).toMatch(/^HTTP\/1\.1 200 .*\{"body":"5"\}$/s)
  })
})

describe('probes', () => {
  test('readiness says what is missing, liveness does not care', async () => {
    const readiness = createReadiness({ database: 'not connected' })
    await using app = build({ readiness })
    await app.ready()
    const agent = supertest(app.server)
    await agent.get('/liveness').expect(200)
    await agent.get('/readiness').expect(503, {
      status: 'not ready',
      reasons: { database: 'not connected' }
    })
    readiness.ready('database')
    await agent.get('/readiness').expect(200)
  })
})

describe('overload', () => {
  test('requests over the limit are told to come back, probes are served', async () => {
    await using app = build({ maxConcurrentRequests: 1 })
    const gate = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    app.get('/slow', async () => {
      entered.resolve()
      await gate.promise
      return {}
    })
    await app.ready()
    const { port } = await listening(app)
    const slow = fetch(`http://127.0.0.1:${port}/slow`)
    await entered.promise
    const shed = await fetch(`http://127.0.0.1:${port}/fail`)
    expect(shed.status).toBe(503)
    expect(shed.headers.get('retry-after')).toBe('1')
    expect((await fetch(`http://127.0.0.1:${port}/liveness`)).status).toBe(200)
    gate.resolve()
    expect((await slow).status).toBe(200)
    await (await slow).text()
    expect((await fetch(`http://127.0.0.1:${port}/fail`)).status).toBe(500)
  })
})

describe('closing', () => {
  test('a request in flight is answered and its kept-alive connection is let go', async () => {
    const app = build()
    const gate = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    app.get('/slow', async () => {
      entered.resolve()
      await gate.promise
      return {}
    })
    const { port } = await listening(app)
    const slow = fetch(`http://127.0.0.1:${port}/slow`)
    await entered.promise
    const closed = app.close()
    await new Promise(resolve => setImmediate(resolve))
    gate.resolve()
    const answer = await slow
    expect(answer.status).toBe(200)
    expect(answer.headers.get('connection')).toBe('close')
    await answer.text()
    await closed
  })
})

test('kept-alive connections are let go as soon as the stop begins, and not before', async () => {
  const readiness = createReadiness()
  await using app = build({ readiness })
  readiness.notReady('database', 'away')
  expect((await app.inject('/liveness')).headers.connection).toBe('keep-alive')
  readiness.stopping()
  const answer = await app.inject('/liveness')
  expect(answer.statusCode).toBe(200)
  expect(answer.headers.connection).toBe('close')
  expect(readiness.reasons()).toEqual({ database: 'away', service: 'stopping' })
})

test('tracing headers are echoed only by those who say so', async () => {
  const headers = { 'x-request-id': 'r1', 'uber-trace-id': 'u1' }
  await using echoing = build({ echoTraceHeaders: true })
  await using silent = build()
  expect((await echoing.inject({ url: '/liveness', headers })).headers).toMatchObject(headers)
  expect((await silent.inject({ url: '/liveness', headers })).headers['x-request-id']).toBeUndefined()
})

async function listening(app: ReturnType<typeof build>): Promise<AddressInfo> {
  await app.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => '' })
  return app.server.address() as AddressInfo
}
