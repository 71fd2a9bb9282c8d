import { describe, expect, test } from 'vitest'
import { readShopperConfig } from '../config.ts'
import type { Attempt } from '../shopping/attempt.ts'
import { NO_POLICIES, type PolicyView } from './policy-feed.ts'
import { createShopperState } from './shopper-state.ts'

const SPLIT = (v1: number): PolicyView['declared'] => ({
  split: { 'bookstore-v1': v1, 'bookstore-v2': 1 - v1 },
  source: { kind: 'local-mesh', detail: 'TrafficSplit bookstore/bookstore-split' }
})

function setUp(env: Record<string, string> = {}, role: 'bookbuyer' | 'bookthief' = 'bookbuyer') {
  const config = readShopperConfig(role, env, [])
  let view: PolicyView = NO_POLICIES
  const state = createShopperState(config, { policies: () => view, now: 0 })
  const see = (attempt: Attempt) => state.observe(attempt, attempt.at)
  const buy = (version: string, at: number, connectionsSince = at) =>
    see({
      url: '',
      outcome: { kind: 'bought', version },
      answer: { status: 200, headers: {}, body: '', elapsedMs: 1, connectionsSince },
      error: undefined,
      at
    })
  const refuse = (at: number) =>
    see({
      url: '',
      outcome: { kind: 'denied', how: 'connection closed' },
      answer: undefined,
      error: undefined,
      at
    } satisfies Attempt)
  return {
    state,
    see,
    buy,
    refuse,
    change: (next: Partial<PolicyView>) => {
      view = { ...view, ...next }
    },
    apply: (change: Partial<PolicyView>, now: number) => {
      view = { ...view, ...change }
      return state.review(now)
    }
  }
}

describe('windows', () => {
  test('a policy that changes the weights begins one, the same policy does not', () => {
    const { state, apply, buy } = setUp({ EXPECTED_SPLIT: 'v1=50,v2=50' })
    buy('bookstore-v1', 1)
    apply({ declared: SPLIT(0.9) }, 1_000)
    apply({ declared: SPLIT(0.9) }, 2_000)
    const { window, earlierWindows, declared } = state.snapshot(2_000, null)
    expect(window).toMatchObject({ id: 2, settling: true })
    expect(earlierWindows).toHaveLength(1)
    expect(declared.source.kind).toBe('local-mesh')
  })

  test('policies that become what a person expects begin one, though the expectation stays', () => {
    const { state, apply, buy } = setUp({ EXPECTED_SPLIT: 'v1=50,v2=50' })
    apply({ declared: SPLIT(0.7) }, 1_000)
    state.declare({ 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }, 'PUT /api/declared', 10_000)
    for (let at = 20_000; at < 40_000; at += 10) buy((at * at) % 97 < 68 ? 'bookstore-v1' : 'bookstore-v2', at)
    expect(state.snapshot(40_000, null).verdict.status).toBe('fail')
    const { id } = state.snapshot(40_000, null).window
    apply({ declared: null }, 40_000)
    expect(state.snapshot(40_000, null)).toMatchObject({ window: { id: id + 1, settling: true } })
    for (let at = 50_000; at < 90_000; at += 10) buy((at * at) % 97 < 48 ? 'bookstore-v1' : 'bookstore-v2', at)
    expect(state.snapshot(90_000, null).verdict.status).not.toBe('fail')
  })

  test('policies that go on as the environment expects begin none', () => {
    const { state, apply } = setUp({ EXPECTED_SPLIT: 'v1=50,v2=50' })
    apply({ declared: SPLIT(0.5) }, 1_000)
    const { id } = state.snapshot(1_000, null).window
    apply({ declared: null }, 10_000)
    expect(state.snapshot(10_000, null).window.id).toBe(id)
  })

  test('what is bought while a change settles is measured, not judged', () => {
    const { state, apply, buy } = setUp({ EXPECTED_SPLIT: 'v1=100,v2=0' })
    for (let at = 0; at < 1_000; at += 10) buy('bookstore-v1', at)
    apply({ declared: SPLIT(0) }, 1_000)
    for (let at = 1_010; at < 2_000; at += 10) buy('bookstore-v1', at)
    for (let at = 2_000; at < 6_000; at += 10) buy('bookstore-v2', at)
    const { window, verdict } = state.snapshot(6_000, null)
    expect(window.convergence).toMatch(/^converged after 1(\.0)? s$/)
    expect(verdict.status).not.toBe('fail')
  })

  test('a change settles for its whole time, also when the first answers show that it holds', () => {
    const { state, apply, buy } = setUp({ EXPECTED_SPLIT: 'v1=90,v2=10' })
    buy('bookstore-v1', 1)
    apply({ declared: SPLIT(0) }, 10_000)
    for (let at = 10_001; at < 10_020; at++) buy('bookstore-v2', at)
    const settlingAt = (now: number) => state.snapshot(now, null).window
    expect(settlingAt(10_020)).toMatchObject({
      settling: true,
      convergence: expect.stringContaining('converged after')
    })
    expect(settlingAt(14_999).settling).toBe(true)
    expect(settlingAt(15_000).settling).toBe(false)
    expect(state.snapshot(20_000, null).earlierWindows.map(({ settling }) => settling)).toEqual([false])
  })

  test('an answer on a connection from before is stale, not a failure of the new policy', () => {
    const { state, apply, buy } = setUp({ EXPECTED_SPLIT: 'v1=100,v2=0' })
    for (let at = 0; at < 1_000; at += 10) buy('bookstore-v1', at)
    apply({ declared: SPLIT(0) }, 1_000)
    buy('bookstore-v1', 20_000, 500)
    buy('bookstore-v2', 20_001, 20_000)
    const stale = state.snapshot(20_001, null)
    expect(stale.window.staleAnswers).toBe(1)
    expect(stale.verdict).toMatchObject({ purchases: 1, status: 'pending' })
    buy('bookstore-v1', 20_002, 20_000)
    expect(state.snapshot(20_002, null).verdict.status).toBe('fail')
  })
})

describe('the expectation of access', () => {
  test('follows the policies, after a settling time that is not judged', () => {
    const { state, apply, buy, refuse } = setUp()
    buy('bookstore-v1', 1)
    apply({ access: 'denied' }, 1_000)
    expect(state.snapshot(1_200, null).access.reason).toBe('nothing tried yet')
    buy('bookstore-v1', 1_500)
    const { reason } = state.snapshot(2_000, null).access
    expect(reason).toBe('nothing to judge yet: 1 attempt while the change settles, or on connections from before it')
    for (let at = 6_000; at < 6_200; at++) refuse(at)
    expect(state.snapshot(7_000, null).access).toMatchObject({ expected: 'denied', status: 'pass' })
    buy('bookstore-v1', 8_000)
    expect(state.snapshot(8_000, null).access.status).toBe('fail')
  })

  test('is EXPECTED_ACCESS only while no policies can be seen', () => {
    const { state, apply } = setUp({ EXPECTED_ACCESS: 'denied' })
    expect(state.expectedAccess()).toBe('denied')
    apply({ access: 'allowed' }, 1)
    expect(state.expectedAccess()).toBe('allowed')
  })

  test("of a thief is denial, or the one code that the original's variable names", () => {
    expect(setUp({}, 'bookthief').state.expectedAccess()).toBe('denied')
    const coded = setUp({ BOOKTHIEF_EXPECTED_RESPONSE_CODE: '404' }, 'bookthief')
    expect(coded.state.expectedAccess()).toBe(404)
    expect(() => setUp({ BOOKTHIEF_EXPECTED_RESPONSE_CODE: 'no' }, 'bookthief')).toThrow(
      /^BOOKTHIEF_EXPECTED_RESPONSE_CODE: expected an HTTP status code/
    )
  })
})

test('a reset forgets the counts and begins a window; the history stays', () => {
  const { state, buy, refuse } = setUp({ EXPECTED_SPLIT: 'v1=1,v2=1' })
  buy('bookstore-v1', 1)
  refuse(2)
  state.reset(3)
  const { counts, window, lastOutcome, latency } = state.snapshot(3, null)
  expect(counts).toMatchObject({ bought: 0, denied: 0, failed: 0 })
  expect(window).toMatchObject({ id: 2, purchases: 0, settling: false })
  expect([lastOutcome, latency]).toEqual([null, {}])
  expect(state.timeline(10_000, 3)).toMatchObject([{ denied: 1 }])
})

test('a fresh window keeps the counts', () => {
  const { state, buy } = setUp({ EXPECTED_SPLIT: 'v1=1,v2=1' })
  buy('bookstore-v1', 1)
  state.openWindow(3)
  const { counts, window } = state.snapshot(3, null)
  expect([counts.bought, window.id, window.purchases]).toEqual([1, 2, 0])
})

test('a fail that chance gives once in 200 windows is no red page, and the verdict keeps it', () => {
  const { state, buy } = setUp({ EXPECTED_SPLIT: 'v1=1,v2=1' })
  for (let at = 0; at < 60; at++) {
    buy('bookstore-v1', at)
    if (state.snapshot(at, null).verdict.status === 'fail') break
  }
  const doubted = state.snapshot(60, null)
  expect(doubted.verdict.status).toBe('fail')
  expect(doubted.alarm).toMatchObject({ isProven: false, isLeftBehind: false })
  expect(doubted.headline).toMatchObject({ status: 'pending', title: 'Perhaps not as declared' })
  for (let at = 60; at < 90; at++) buy('bookstore-v1', at)
  const proven = state.snapshot(90, null)
  expect(proven.headline).toMatchObject({ status: 'fail', title: 'The mesh does not split as declared' })
  expect(setUp({ VERDICT_FAIL_ALPHA: '0.01' }).state.snapshot(0, null).alarm).toBeNull()
})

test('a red that the purchases have left behind says so, and stays red', () => {
  const { state, buy } = setUp({ EXPECTED_SPLIT: 'v1=1,v2=1' })
  let at = 0
  for (; at < 40; at++) buy('bookstore-v1', at)
  for (; at < 80; at++) buy('bookstore-v2', at)
  state.review(1000)
  for (; at < 4000; at++) buy(at % 2 ? 'bookstore-v1' : 'bookstore-v2', at)
  const { headline, alarm } = state.snapshot(at, null)
  expect(alarm?.isLeftBehind).toBe(true)
  expect(headline.text).toContain('All purchases together look right again.')
})

test('purchases are judged in the order in which they were sent; those of before a reset are not', () => {
  const { state, see } = setUp({ EXPECTED_SPLIT: 'v1=1,v2=1' })
  const answer = (ticket: number, version: string) =>
    see({
      url: '',
      outcome: { kind: 'bought', version },
      answer: { status: 200, headers: {}, body: '', elapsedMs: 1, connectionsSince: 0 },
      error: undefined,
      at: 1,
      ticket
    })
  const slow = state.begin()
  for (let count = 0; count < 30; count++) answer(state.begin(), 'bookstore-v1')
  expect(state.snapshot(1, null)).toMatchObject({
    counts: { bought: 30 },
    verdict: { purchases: 0 }
  })
  const lost = state.begin()
  answer(slow, 'bookstore-v2')
  expect(state.snapshot(1, null).verdict).toMatchObject({
    purchases: 31,
    alarmAt: expect.any(Number)
  })
  state.reset(2)
  answer(lost, 'bookstore-v1')
  expect(state.snapshot(2, null)).toMatchObject({
    counts: { bought: 1 },
    verdict: { purchases: 0 }
  })
})

test('a split that follows the pods and not the weights is told so', () => {
  const { state, buy } = setUp({
    EXPECTED_SPLIT: 'v1=50,v2=50',
    EXPECTED_REPLICAS: 'bookstore-v1=3,bookstore-v2=1'
  })
  for (let at = 0; at < 800; at++) buy(at % 4 === 0 ? 'bookstore-v2' : 'bookstore-v1', at)
  const { status, causes } = state.snapshot(800, null).verdict
  expect(status).toBe('fail')
  expect(causes.map(({ code }) => code)).toContain('replica-ratio')
})

describe('fresh connections are due once, when the settling time is over', () => {
  test('after the policies changed the weights or the access', () => {
    for (const change of [{ declared: SPLIT(0.9) }, { access: 'denied' }] as const) {
      const { state, apply } = setUp({ EXPECTED_SPLIT: 'v1=50,v2=50' })
      expect(state.review(500)).toBe(false)
      expect(apply(change, 1_000)).toBe(false)
      expect(state.review(5_999)).toBe(false)
      expect(state.review(6_000)).toBe(true)
      expect(state.review(6_250)).toBe(false)
    }
  })

  test('after a person declared weights, which are judged from then on', () => {
    const { state, buy } = setUp({ EXPECTED_SPLIT: 'v1=50,v2=50' })
    state.declare({ 'bookstore-v1': 1 }, 'PUT /api/declared', 1_000)
    expect(state.review(6_000)).toBe(true)
    buy('bookstore-v1', 6_100, 6_000)
    expect(state.snapshot(6_100, null).verdict.purchases).toBe(1)
  })
})

test('an answer on a connection from before a change of access is not held against the new policy', () => {
  const { state, apply, buy, refuse } = setUp()
  buy('bookstore-v1', 1, 0)
  apply({ access: 'denied' }, 1_000)
  for (let at = 6_000; at < 6_200; at++) refuse(at)
  buy('bookstore-v1', 20_000, 0)
  expect(state.snapshot(20_000, null).access).toMatchObject({ status: 'pass', attempts: 200 })
  buy('bookstore-v1', 20_001, 6_000)
  expect(state.snapshot(20_001, null).access.status).toBe('fail')
})

test('a change of access begins a window, so that no old purchase passes what comes after a denial', () => {
  const { state, apply, buy, refuse } = setUp({ EXPECTED_SPLIT: 'v1=50,v2=50' })
  for (let at = 1; at <= 4_000; at++) buy(`bookstore-v${1 + (at % 2)}`, at)
  expect(state.snapshot(4_000, null).headline.status).toBe('pass')
  apply({ access: 'denied' }, 5_000)
  for (let at = 11_000; at < 11_200; at++) refuse(at)
  expect(state.snapshot(11_200, null)).toMatchObject({
    headline: { status: 'pass', title: 'Denied, as declared' },
    access: { attempts: 200, counts: { bought: 0, denied: 200, failed: 0 } },
    earlierWindows: [{ purchases: 4_000, status: 'pass' }]
  })
  apply({ access: 'allowed' }, 12_000)
  buy('bookstore-v1', 18_000)
  expect(state.snapshot(18_000, null)).toMatchObject({ headline: { status: 'pending' }, verdict: { purchases: 1 } })
})

test('a reset does not cut the settling of a change of access short', () => {
  const { state, apply, buy } = setUp()
  apply({ access: 'denied' }, 1_000)
  state.reset(2_000)
  buy('bookstore-v1', 3_000)
  expect(state.snapshot(3_000, null).access).toMatchObject({ status: 'pending', attempts: 0 })
  buy('bookstore-v1', 6_000)
  expect(state.snapshot(6_000, null).access.status).toBe('fail')
})

test('a failure among purchases does not mean that nobody is there; many in a row do', () => {
  const { state, see, buy } = setUp()
  const fail = (at: number) =>
    see({
      url: '',
      outcome: { kind: 'failed', why: 'connection refused' },
      answer: undefined,
      error: undefined,
      at
    })
  const title = () => state.snapshot(100, null).headline.title
  buy('bookstore-v1', 1)
  fail(2)
  expect(title()).not.toBe('No bookstore answers')
  for (let at = 3; at < 12; at++) fail(at)
  expect(title()).toBe('No bookstore answers')
  buy('bookstore-v1', 12)
  expect(title()).not.toBe('No bookstore answers')
})

test('a failure before anything was bought means that nobody is there', () => {
  const { state, see } = setUp()
  see({
    url: '',
    outcome: { kind: 'failed', why: 'connection refused' },
    answer: undefined,
    error: undefined,
    at: 1
  })
  expect(state.snapshot(1, null).headline.title).toBe('No bookstore answers')
})

test.each([
  ['behind the local mesh, which chooses before there is a connection, they show nothing', { POLICY_DIR: 'p' }, false],
  ['elsewhere runs are told', {}, true]
])('connections that each lead to one version: %s', (_, env, isTold) => {
  const { state, see } = setUp({ EXPECTED_SPLIT: 'v1=50,v2=50', VERDICT_SETTLE_SECONDS: '0', ...env })
  // an order without runs, so that nothing but the connections can speak of any
  for (let at = 0; at < 4_000; at++) {
    const version = `bookstore-v${Math.sin(at * 12.9898) * 43758.5453 - Math.floor(Math.sin(at * 12.9898) * 43758.5453) < 0.5 ? 1 : 2}`
    see({
      url: '',
      outcome: { kind: 'bought', version },
      answer: {
        status: 200,
        headers: {},
        body: '',
        elapsedMs: 1,
        connectionsSince: 0,
        connection: `${version} ${at % 3}`
      },
      error: undefined,
      at
    })
  }
  const { reason } = state.snapshot(4_000, null).verdict
  expect(reason.includes('connection')).toBe(isTold)
})

describe('policies that changed since the last review', () => {
  test('are what an answer is held against: a sale that they allow is no fault of those before', () => {
    const { state, buy, refuse, change } = setUp({}, 'bookthief')
    for (let at = 0; at < 100; at++) refuse(at)
    change({ access: 'allowed' })
    buy('bookstore-v1', 101)
    expect(state.snapshot(102, null).access).toMatchObject({ expected: 'allowed', status: 'pending', attempts: 0 })
  })

  test('are those that a snapshot judges by', () => {
    const { state, refuse, change } = setUp({}, 'bookthief')
    for (let at = 0; at < 100; at++) refuse(at)
    change({ access: 'allowed' })
    expect(state.snapshot(101, null).access).toMatchObject({ expected: 'allowed', status: 'pending' })
  })

  test('begin a window of the split before the first answer under them', () => {
    const { state, buy, change } = setUp({ EXPECTED_SPLIT: 'v1=100,v2=0' })
    for (let at = 0; at < 100; at++) buy('bookstore-v1', at)
    change({ declared: SPLIT(0) })
    buy('bookstore-v2', 101)
    const { window, verdict, earlierWindows } = state.snapshot(102, null)
    expect([window.id, verdict.status, verdict.purchases]).toEqual([2, 'pending', 0])
    expect(earlierWindows.map(({ status }) => status)).toEqual(['pass'])
  })
})
