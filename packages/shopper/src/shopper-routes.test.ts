import { createReadiness, createSameOriginCheck, createServer, silentLogs } from '@bookstore/common'
import type { ShopperRole } from '@bookstore/contract'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addAccess } from './api/access-routes.ts'
import { addShopperRoutes } from './api/routes.ts'
import { readShopperConfig } from './config.ts'
import { loadPageView } from './page-view.ts'
import { createPromiseBoard } from './promises/promise-board.ts'
import type { Attempt } from './shopping/attempt.ts'
import { createBurst } from './shopping/burst.ts'
import { NO_POLICIES } from './state/policy-feed.ts'
import { createShopperState } from './state/shopper-state.ts'

const NOW = Date.UTC(2026, 10, 23)

const purchase = (version: string): Attempt => ({
  url: 'http://bookstore/buy-a-book/new',
  outcome: { kind: 'bought', version },
  answer: { status: 200, headers: {}, body: '', elapsedMs: 3, connectionsSince: NOW },
  error: undefined,
  at: NOW
})
const denial: Attempt = {
  ...purchase(''),
  outcome: { kind: 'denied', how: '403' },
  answer: undefined,
  error: undefined
}

function build(role: ShopperRole = 'bookbuyer', env: Record<string, string> = {}) {
  const config = readShopperConfig(role, { EXPECTED_SPLIT: 'v1=50,v2=50', ...env }, [])
  const state = createShopperState(config, { policies: () => NO_POLICIES, now: NOW })
  const board = createPromiseBoard(() => NO_POLICIES)
  const gate = Promise.withResolvers<void>()
  const burst = createBurst(() => gate.promise.then(() => denial), new AbortController().signal)
  const app = createServer({ logger: silentLogs().logger, readiness: createReadiness() })
  addShopperRoutes(app, {
    ...config,
    page: loadPageView(),
    sameOrigin: createSameOriginCheck(config.allowedHosts),
    controls: {
      snapshot: () => state.snapshot(NOW, burst.progress()),
      timeline: since => state.timeline(since, NOW),
      picture: () => state.picture(NOW),
      reset: () => state.reset(NOW),
      confirm: () => state.openWindow(NOW),
      declare: (split, detail) => state.declare(split, detail, NOW),
      startBurst: size => burst.start(size) !== undefined,
      stopBurst: burst.stop,
      openWindow: () => state.openWindow(NOW),
      promises: board.read,
      keepProof: results => board.keep(results, NOW),
      burstProgress: burst.progress,
      burstAttempts: burst.attempts,
      leave: async () => [{ url: 'http://outside/', status: 0, error: 'UND_ERR_SOCKET', isFromProxy: false }]
    }
  })
  return { app, state, finishBurst: gate.resolve }
}

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }))

let shop: ReturnType<typeof build>
beforeEach(() => {
  shop = build()
})
afterEach(() => shop.app.close())

const post = (url: string, payload: unknown, method: 'POST' | 'PUT' = 'POST') =>
  shop.app.inject({ method, url, payload: JSON.stringify(payload) })

describe('promises', () => {
  const result = {
    name: 'retries',
    status: 'pass',
    declaredBy: 'Retry a/b',
    seen: '6 % failed',
    reason: '6 % expected',
    todo: ''
  }

  test('are told without policies too, and keep what was proven of each', async () => {
    const before = (await shop.app.inject('/api/promises')).json()
    expect(before).toMatchObject({ policies: { kind: 'none', problems: [] }, outlook: null })
    expect(before.promises).toHaveLength(9)
    const proof = { results: [result, { ...result, name: 'egress' }] }
    const validate = ajv.compile((await shop.app.inject('/api/schema')).json().proof)
    expect(validate(proof), JSON.stringify(validate.errors)).toBe(true)
    await post('/api/promises', proof, 'PUT')
    const after = await post('/api/promises', { results: [{ ...result, status: 'fail' }] }, 'PUT')
    const proven = after.json().promises.filter((promise: { proven: unknown }) => promise.proven !== null)
    expect(proven).toMatchObject([
      { name: 'egress', proven: { status: 'pass', at: new Date(NOW).toISOString() } },
      { name: 'retries', proven: { status: 'fail' } }
    ])
  })

  test.each([
    [{}, 'results: expected a list of at most 9 results, got nothing'],
    [{ results: [1] }, 'results[0]: expected an object, got 1'],
    [{ results: [{ ...result, name: 'luck' }] }, 'results[0].name: expected one of load-balancing'],
    [{ results: [{ ...result, status: 'ok' }] }, 'results[0].status: expected one of pass'],
    [{ results: [result, { ...result, seen: 'x'.repeat(4_001) }] }, 'results[1].seen: expected a text of at most 4000']
  ])('a proof that is none is refused: %#', async (body, message) => {
    const answer = await post('/api/promises', body, 'PUT')
    expect(answer.statusCode).toBe(400)
    expect(answer.json().message).toContain(message)
  })

  test('a window can begin without a burst, and a burst can be ended', async () => {
    const opened = await post('/api/windows', { burst: false })
    expect(opened.statusCode).toBe(202)
    expect((await post('/api/windows', { burst: 1 })).json().message).toContain('burst: expected true or false, got 1')
    await post('/api/burst', { purchases: 500, concurrency: 2 })
    await shop.app.inject({ method: 'DELETE', url: '/api/burst' })
    shop.finishBurst()
    await expect
      .poll(async () => (await shop.app.inject('/api/burst')).json().progress)
      .toEqual({
        running: false,
        done: 2,
        total: 2
      })
  })
})

describe("the original's endpoints", () => {
  test('GET /raw has the counts under the original names', async () => {
    for (const version of ['bookstore-v1', 'bookstore-v2', 'bookstore-v2', 'bookstore-v10']) {
      shop.state.observe(purchase(version), Date.now())
    }
    const { body, headers } = await shop.app.inject('/raw')
    expect(body).toBe('{"booksBought":4,"booksBoughtV1":1,"booksBoughtV2":2}')
    expect(headers['content-type']).toContain('application/json')
  })

  test("the thief's are called stolen", async () => {
    const thief = build('bookthief')
    const { body } = await thief.app.inject('/raw')
    expect(body).toBe('{"booksStolen":0,"booksStolenV1":0,"booksStolenV2":0}')
    expect((await thief.app.inject('/')).body).toContain('<title>Book Thief</title>')
    await thief.app.close()
  })

  test('GET / is a whole page that needs no script', async () => {
    const { body, headers } = await shop.app.inject('/')
    expect(headers['content-type']).toContain('text/html')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(body).toContain('<title>Bookbuyer</title>')
    expect(body).toContain('<noscript><meta http-equiv="refresh"')
  })

  test('GET /reset zeroes the counters and answers with the page', async () => {
    shop.state.observe(purchase('bookstore-v1'), Date.now())
    shop.state.observe(denial, Date.now())
    const { body, statusCode } = await shop.app.inject('/reset')
    expect(statusCode).toBe(200)
    expect(body).toContain('<title>Bookbuyer</title>')
    const { counts } = (await shop.app.inject('/api/snapshot')).json()
    expect(counts).toMatchObject({ bought: 0, denied: 0, failed: 0, byVersion: {} })
  })

  test('GET /reset can be switched off', async () => {
    const closed = build('bookbuyer', { RESET: 'off' })
    expect((await closed.app.inject('/reset')).statusCode).toBe(403)
    await closed.app.close()
  })

  test('other paths are 404, other methods 405', async () => {
    expect((await shop.app.inject('/books')).statusCode).toBe(404)
    const answer = await shop.app.inject({ method: 'POST', url: '/raw' })
    expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'GET, HEAD'])
  })
})

describe('the API', () => {
  test.each(['snapshot', 'verdict', 'timeline'])('GET /api/%s is what its schema says', async name => {
    shop.state.observe(purchase('bookstore-v1'), Date.now())
    shop.state.observe(purchase('bookstore-v3'), Date.now())
    shop.state.observe(denial, Date.now())
    const schemas = (await shop.app.inject('/api/schema')).json()
    const validate = ajv.compile(schemas[name])
    const data = (await shop.app.inject(`/api/${name}`)).json()
    expect(validate(data), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...data, surplus: 1 })).toBe(false)
  })

  test('GET /api/timeline takes how far back to go', async () => {
    shop.state.observe(purchase('bookstore-v1'), Date.now())
    const { buckets } = (await shop.app.inject('/api/timeline?seconds=60')).json()
    expect(buckets).toMatchObject([{ at: NOW, byVersion: { 'bookstore-v1': 1 } }])
    for (const seconds of ['-1', '1e3', '86401', 'x']) {
      expect((await shop.app.inject(`/api/timeline?seconds=${seconds}`)).statusCode).toBe(400)
    }
  })

  test('PUT /api/declared begins a window, and null takes it back', async () => {
    shop.state.observe(purchase('bookstore-v1'), Date.now())
    const declared = await post('/api/declared', { split: 'v1=900m,v2=100m' }, 'PUT')
    expect(declared.json()).toEqual({
      split: { 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 },
      source: { kind: 'page', detail: 'PUT /api/declared' }
    })
    const { window, earlierWindows } = (await shop.app.inject('/api/verdict')).json()
    expect(window).toMatchObject({ id: 2, purchases: 0, settling: true })
    expect(earlierWindows).toMatchObject([{ id: 1, purchases: 1 }])
    await post('/api/declared', { split: null }, 'PUT')
    expect((await shop.app.inject('/api/snapshot')).json().declared.source.kind).toBe('env')
  })

  test.each([['{'], ['[]'], ['5'], [''], ['{"split":5}'], ['{"split":"v1=0"}'], ['{"split":"x"}']])(
    'PUT /api/declared of %j is refused in words and changes nothing',
    async payload => {
      const answer = await shop.app.inject({ method: 'PUT', url: '/api/declared', payload })
      expect(answer.statusCode).toBe(400)
      expect(answer.json().message.length).toBeGreaterThan(10)
      expect((await shop.app.inject('/api/snapshot')).json().declared.source.kind).toBe('env')
    }
  )

  test('POST /api/burst starts one, and a second is a conflict until it is done', async () => {
    const started = await post('/api/burst', { purchases: 10, concurrency: 2 })
    expect([started.statusCode, started.json()]).toEqual([202, { running: true, done: 0, total: 10 }])
    expect((await post('/api/burst', { purchases: 1 })).statusCode).toBe(409)
    shop.finishBurst()
    await expect.poll(async () => (await shop.app.inject('/api/snapshot')).json().burst.running).toBe(false)
    const kept = (await shop.app.inject('/api/burst')).json()
    expect(kept).toMatchObject({ progress: { done: 10 }, attempts: { length: 10 } })
    expect(kept.attempts[0]).toMatchObject({ outcome: 'denied', status: 0, instance: '' })
    const validate = ajv.compile((await shop.app.inject('/api/schema')).json().attempts)
    expect(validate(kept), JSON.stringify(validate.errors)).toBe(true)
    expect((await post('/api/burst', { purchases: 1 })).statusCode).toBe(202)
  })

  test.each([
    { purchases: 0 },
    { purchases: 10_001 },
    { purchases: 1.5 },
    { purchases: '1e3' },
    { concurrency: 65 },
    { concurrency: null }
  ])('POST /api/burst of %j is refused by the name of its field', async size => {
    const answer = await post('/api/burst', size)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().message).toContain(Object.keys(size)[0])
  })

  test('POST /api/egress tells how each request outside ended', async () => {
    const answer = await post('/api/egress', {})
    expect(answer.json()).toEqual({
      requests: [{ url: 'http://outside/', status: 0, error: 'UND_ERR_SOCKET', isFromProxy: false }]
    })
    const validate = ajv.compile((await shop.app.inject('/api/schema')).json().egress)
    expect(validate(answer.json()), JSON.stringify(validate.errors)).toBe(true)
  })

  test('GET /api/access and POST /api/probe answer as their schemas say', async () => {
    expect((await shop.app.inject('/api/access')).json()).toMatchObject({ statusCode: 404, code: 'NO_POLICIES' })
    const app = createServer({ logger: silentLogs().logger, readiness: createReadiness() })
    const cells = [
      { source: 'bookbuyer', destination: 'bookstore-v1', method: 'GET', path: '/', allowed: true, why: 'rule' }
    ]
    // nobody has these names here, so that each probe ends with an error
    addAccess(app, { role: 'bookbuyer', cells: () => cells, sameOrigin: createSameOriginCheck([]) })
    const schemas = (await shop.app.inject('/api/schema')).json()
    const answers = {
      access: await app.inject('/api/access'),
      probe: await app.inject({ method: 'POST', url: '/api/probe' })
    }
    for (const [name, answer] of Object.entries(answers)) {
      const validate = ajv.compile(schemas[name])
      expect(validate(answer.json()), JSON.stringify(validate.errors)).toBe(true)
    }
    await app.close()
  })

  test('commands from another site are refused', async () => {
    const headers = { host: 'localhost:14001', origin: 'http://evil.example' }
    for (const [method, url] of [
      ['POST', '/api/burst'],
      ['DELETE', '/api/burst'],
      ['POST', '/api/windows'],
      ['POST', '/api/egress'],
      ['POST', '/api/probe'],
      ['POST', '/api/lesson'],
      ['PUT', '/api/promises'],
      ['PUT', '/api/declared'],
      ['POST', '/burst'],
      ['POST', '/declare'],
      ['POST', '/confirm'],
      ['POST', '/lesson']
    ] as const) {
      expect((await shop.app.inject({ method, url, headers, payload: '{}' })).statusCode).toBe(403)
    }
  })
})

describe('forms of a page without JavaScript', () => {
  const form = (url: string, payload: string) =>
    shop.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': 'application/x-www-form-urlencoded' }
    })

  test('lead back to the page', async () => {
    const answer = await form('/declare', 'split=v1%3D10%2Cv2%3D90')
    expect([answer.statusCode, answer.headers.location]).toEqual([303, './'])
    const { declared } = (await shop.app.inject('/api/snapshot')).json()
    expect(declared.split).toEqual({ 'bookstore-v1': 0.1, 'bookstore-v2': 0.9 })
    expect((await form('/burst', 'purchases=5&concurrency=1')).statusCode).toBe(303)
  })

  test('say on the page what cannot be done', async () => {
    const answer = await form('/declare', 'split=v1%3Dx')
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('text/html')
    expect(answer.body).toContain('data-kind="problem"')
  })
})
