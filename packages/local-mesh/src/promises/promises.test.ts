import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { defaultTopology, withAddresses } from '@bookstore/contract'
import { parsePolicies } from '@bookstore/policy'
import { Agent, request } from 'undici'
import { describe, expect, test } from 'vitest'
import { deployed } from '../../../policy/test-support/policy-files.ts'
import { meshInterceptor } from '../interceptor.ts'
import { createEjections } from './ejection.ts'
import { createRateLimiter } from './rate-limit.ts'
import { retryPauseMs, triesAgain } from './retries.ts'

const SHOP = 'http://bookstore.bookstore.svc.cluster.local:14001'

type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** A store that answers with 200 unless the test has something else in mind, and counts. */
async function store() {
  const seen = { requests: 0, inFlight: 0, most: 0 }
  let handle: Handle = (_request, response) => response.end('sold')
  const server = createServer((incoming, response) => {
    seen.requests++
    seen.inFlight++
    seen.most = Math.max(seen.most, seen.inFlight)
    response.once('close', () => seen.inFlight--)
    handle(incoming, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answer: (next: Handle) => {
      handle = next
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

type Store = Awaited<ReturnType<typeof store>>

/** A client behind a local mesh with files of deploy/policies, changed by `edit`. */
function client(stores: readonly Store[], names: readonly string[], edit = (text: string) => text) {
  const files = names.map(name => deployed(`${name}.yaml`)).map(file => ({ ...file, text: edit(file.text) }))
  const { policies, errors } = parsePolicies(files)
  expect(errors).toEqual([])
  const addresses = stores.map(({ url }) => url)
  const topology = withAddresses(defaultTopology(), { 'bookstore-v1': addresses })
  const account = { namespace: 'bookbuyer', serviceAccount: 'bookbuyer' }
  const agent = new Agent()
  const interceptor = meshInterceptor({
    mesh: () => ({
      policies,
      topology: { ...topology, workloads: topology.workloads.filter(({ name }) => name !== 'bookstore-v2') }
    }),
    account,
    pending: () => null,
    random: Math.random,
    onDecision: () => undefined
  })
  const dispatcher = agent.compose(interceptor)
  return {
    get: async (url = `${SHOP}/buy-a-book/new`, options: object = {}) => {
      const answer = await request(url, { dispatcher, ...options })
      return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() }
    },
    [Symbol.asyncDispose]: () => agent.destroy()
  }
}

const failing = (status: number, times: number): Handle => {
  let left = times
  return (_request, response) => {
    if (left-- > 0) response.writeHead(status).end('failed')
    else response.end('sold')
  }
}
const never: Handle = () => undefined

describe('retries', () => {
  test.each(['retries', 'istio/retries'])('of %s hide three errors, and not four', async name => {
    await using shop = await store()
    await using buyer = client([shop], [name])
    shop.answer(failing(503, 3))
    expect(await buyer.get()).toMatchObject({ status: 200, body: 'sold' })
    expect(shop.seen.requests).toBe(4)
    shop.answer(failing(503, 4))
    expect(await buyer.get()).toMatchObject({ status: 503, body: 'failed' })
    expect(shop.seen.requests).toBe(8)
  })

  test('are none without a policy, nor for what is no condition', async () => {
    await using shop = await store()
    await using without = client([shop], ['permissive-on'])
    await using buyer = client([shop], ['retries'], text => text.replace('retryOn: 5xx', 'retryOn: connect-failure'))
    shop.answer(failing(503, Infinity))
    await without.get()
    await buyer.get()
    expect(shop.seen.requests).toBe(2)
  })

  test('are made when a try has no answer in its own time; the last is 504', async () => {
    await using shop = await store()
    await using buyer = client([shop], ['retries'], text => text.replace('perTryTimeout: 1s', 'perTryTimeout: 50ms'))
    shop.answer(never)
    expect(await buyer.get()).toMatchObject({ status: 504, body: 'upstream request timeout' })
    expect(shop.seen.requests).toBe(4)
  })

  test('are made when the store closes the connection, and a body is sent again', async () => {
    await using shop = await store()
    await using buyer = client([shop], ['retries'])
    const bodies: string[] = []
    shop.answer((incoming, response) => {
      let text = ''
      incoming.on('data', chunk => {
        text += chunk
      })
      incoming.on('end', () => {
        bodies.push(text)
        if (bodies.length === 1) response.destroy()
        else response.end('sold')
      })
    })
    const sent = await buyer.get(`${SHOP}/books-bought`, { method: 'POST', body: '7' })
    expect(sent).toMatchObject({ status: 200 })
    expect(bodies).toEqual(['7', '7'])
  })

  test('end when the client leaves', async () => {
    await using shop = await store()
    await using buyer = client([shop], ['retries'])
    const leaving = new AbortController()
    shop.answer((_request, response) => {
      leaving.abort()
      response.writeHead(503).end()
    })
    await expect(buyer.get(undefined, { signal: leaving.signal })).rejects.toThrow('aborted')
    expect(shop.seen.requests).toBe(1)
  })

  test('pause longer from one to the next, up to ten times the base', () => {
    const retries = { retries: 9, retryOn: ['5xx'], perTryTimeoutMs: null, backoffMs: null, source: '' }
    const pauses = [1, 2, 3, 9].map(tries => retryPauseMs(retries, tries, () => 0.999_999))
    expect(pauses).toEqual([24, 74, 174, 249])
    expect(triesAgain(retries, 9, 503)).toBe(true)
    expect(triesAgain(retries, 10, 503)).toBe(false)
  })
})

describe('a timeout', () => {
  test('answers 504 in the place of a late store, and lets a quick one through', async () => {
    await using shop = await store()
    await using buyer = client([shop], ['istio/timeouts'], text => text.replace('timeout: 500ms', 'timeout: 200ms'))
    expect(await buyer.get()).toMatchObject({ status: 200 })
    shop.answer(never)
    const late = await buyer.get()
    expect(late).toMatchObject({ status: 504, body: 'upstream request timeout', headers: { server: 'envoy' } })
  })

  test('is for all tries together', async () => {
    await using shop = await store()
    const edit = (text: string) =>
      text.replace('attempts: 0', 'attempts: 9\n      perTryTimeout: 70ms\n      retryOn: 5xx')
    await using buyer = client([shop], ['istio/timeouts'], text =>
      edit(text).replace('timeout: 500ms', 'timeout: 200ms')
    )
    shop.answer(never)
    expect(await buyer.get()).toMatchObject({ status: 504 })
    expect(shop.seen.requests).toBeLessThan(5)
  })
})

describe('a rate limit', () => {
  test.each(['rate-limit', 'istio/rate-limit'])('of %s answers 429 above 30 at once, for each pod', async name => {
    await using first = await store()
    await using second = await store()
    const minute = (text: string) =>
      text.replace('unit: second', 'unit: minute').replace('fill_interval: 1s', 'fill_interval: 60s')
    await using buyer = client([first, second], [name], minute)
    const answers = await Promise.all(Array.from({ length: 200 }, () => buyer.get()))
    const refused = answers.filter(({ status }) => status === 429)
    expect([first.seen.requests, second.seen.requests, refused.length]).toEqual([30, 30, 140])
    expect(refused[0]).toMatchObject({ body: 'local_rate_limited', headers: { server: 'envoy' } })
  })

  test('fills the bucket at the end of each interval, and never above its size', () => {
    let now = 0
    const limiter = createRateLimiter(() => now)
    const limit = { perFill: 20, fillMs: 1_000, most: 30, status: 429, headers: {}, source: '' }
    const taken = () => Array.from({ length: 100 }, () => limiter.refusal('a', limit)).filter(it => it === null).length
    expect(taken()).toBe(30)
    now = 999
    expect(taken()).toBe(0)
    now = 1_000
    expect(taken()).toBe(20)
    now = 60_500
    expect(taken()).toBe(30)
    now = 61_000
    expect(taken()).toBe(20)
  })
})

test.each(['circuit-breaking', 'istio/circuit-breaking'])(
  '%s lets four through, has one wait, and answers the others with 503',
  async name => {
    await using shop = await store()
    const held: ServerResponse[] = []
    shop.answer((_request, response) => void held.push(response))
    await using buyer = client([shop], [name])
    const asked = Array.from({ length: 8 }, () => buyer.get())
    const overflow = await Promise.all(asked.slice(5))
    for (const answer of overflow) {
      expect(answer).toMatchObject({ status: 503, headers: { 'x-envoy-overloaded': 'true' } })
      expect(answer.body).toContain('reset reason: overflow')
    }
    await expect.poll(() => held.length).toBe(4)
    shop.answer((_request, response) => response.end('sold'))
    for (const response of held) response.end('sold')
    expect((await Promise.all(asked.slice(0, 5))).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(shop.seen.most).toBe(4)
  }
)

describe('ejection', () => {
  test('has a pod that fails five times in a row get nothing more', async () => {
    await using good = await store()
    await using bad = await store()
    bad.answer(failing(503, Infinity))
    await using buyer = client([good, bad], ['istio/ejection'])
    const statuses: number[] = []
    for (let at = 0; at < 60; at++) statuses.push((await buyer.get()).status)
    expect(statuses.filter(status => status === 503).length).toBe(5)
    expect(bad.seen.requests).toBe(5)
  })

  test('lasts its time, longer each time, and leaves the share of pods that must stay', () => {
    let now = 0
    const ejections = createEjections(() => now)
    const terms = {
      consecutive5xx: 2,
      consecutiveGatewayErrors: 0,
      intervalMs: 1,
      baseEjectionMs: 100,
      maxEjectionPercent: 50,
      source: ''
    }
    const fail = (pod: string, times: number) => {
      for (let at = 0; at < times; at++) ejections.note(pod, 503, terms, ['a', 'b'])
    }
    fail('a', 1)
    ejections.note('a', 200, terms, ['a', 'b'])
    fail('a', 1)
    expect(ejections.isEjected('a')).toBe(false)
    fail('a', 1)
    fail('b', 9)
    expect([ejections.isEjected('a'), ejections.isEjected('b')]).toEqual([true, false])
    now = 100
    expect(ejections.isEjected('a')).toBe(false)
    fail('a', 2)
    now = 250
    expect(ejections.isEjected('a')).toBe(true)
  })
})

describe('egress', () => {
  const named = (port: string) => (text: string) =>
    text.replace('edition.cnn.com\n', 'localhost\n').replace('number: 80', `number: ${port}`)

  test.each(['egress', 'istio/egress'])('of %s reaches what is named', async name => {
    await using outside = await store()
    const { port } = new URL(outside.url)
    await using buyer = client([], [name], named(port))
    expect(await buyer.get(`http://localhost:${port}/`)).toMatchObject({ status: 200, body: 'sold' })
  })

  test('is refused otherwise: in OSM the connection is closed, in Istio it is 502', async () => {
    await using outside = await store()
    const { port } = new URL(outside.url)
    await using osm = client([], ['egress'])
    await using istio = client([], ['istio/egress'])
    await expect(osm.get(`http://localhost:${port}/`)).rejects.toThrow('other side closed')
    expect(await istio.get(`http://localhost:${port}/`)).toMatchObject({ status: 502 })
    expect(outside.seen.requests).toBe(0)
    // what stays within the pod never meets the sidecar
    expect(await osm.get(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 })
  })
})
