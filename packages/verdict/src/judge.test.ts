import { type DeclaredSource, parseSplit } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { createJudge } from './judge.ts'
import type { Judge } from './judge-types.ts'

const EVEN = parseSplit('v1=50,v2=50')
const ONLY_V1 = parseSplit('v1=100,v2=0')
const ONLY_V2 = parseSplit('v1=0,v2=100')
const ENV: DeclaredSource = { kind: 'env', detail: 'EXPECTED_SPLIT' }
const PAGE: DeclaredSource = { kind: 'page', detail: 'the form' }

/** Buys one of `version` every 100 ms in [from, to). */
function buy(judge: Judge, version: string, from: number, to: number, connectionOpenedAt?: number): void {
  for (let at = from; at < to; at += 100) judge.observe({ version, at, connectionOpenedAt })
}

describe('the first window', () => {
  test('is judged from its first answer, without settling', () => {
    const judge = createJudge({ declared: ONLY_V1, source: ENV, now: 0 })
    buy(judge, 'v1', 0, 10_000, -5_000)
    expect(judge.current(10_000)).toMatchObject({
      id: 1,
      from: 0,
      to: null,
      source: ENV,
      settling: null,
      answers: 100,
      lateOnOldConnections: 0,
      verdict: { status: 'pass', purchases: 100 }
    })
    expect(judge.history()).toStrictEqual([])
  })

  test('without a declaration counts and stays pending', () => {
    const judge = createJudge({ now: 0 })
    buy(judge, 'v1', 0, 1_000)
    expect(judge.current(1_000)).toMatchObject({
      declared: null,
      source: { kind: 'none' },
      answers: 10,
      verdict: { status: 'pending', reason: 'no split is declared; 10 purchases counted' }
    })
  })

  test('a first declaration before any purchase needs no settling', () => {
    const judge = createJudge({ now: 0 })
    expect(judge.declare(ONLY_V1, ENV, 10)).toBe(true)
    judge.observe({ version: 'v2', at: 20 })
    expect(judge.current(20)).toMatchObject({ settling: null, verdict: { status: 'fail' } })
  })
})

describe('a change of what is declared', () => {
  test('begins a window, and the earlier one stays readable', () => {
    const judge = createJudge({ declared: ONLY_V1, source: ENV, now: 0 })
    buy(judge, 'v1', 0, 10_000)
    expect(judge.declare(ONLY_V2, PAGE, 10_000)).toBe(true)
    expect(judge.current(10_000)).toMatchObject({
      id: 2,
      from: 10_000,
      declared: ONLY_V2,
      source: PAGE,
      answers: 0
    })
    expect(judge.history()).toMatchObject([
      { id: 1, from: 0, to: 10_000, declared: ONLY_V1, source: ENV, verdict: { status: 'pass' } }
    ])
  })

  test('is measured and not judged for five seconds, then judged', () => {
    const judge = createJudge({ declared: ONLY_V1, source: ENV, now: 0 })
    buy(judge, 'v1', 0, 1_000)
    judge.declare(ONLY_V2, PAGE, 10_000)
    buy(judge, 'v1', 10_000, 12_800)
    expect(judge.current(12_800).verdict).toMatchObject({
      status: 'pending',
      purchases: 0,
      reason: 'settling after the change from 100/0 to 0/100: answers are measured and not judged for another 2.2 s'
    })
    buy(judge, 'v2', 12_800, 25_000)
    expect(judge.current(25_000)).toMatchObject({
      settling: { state: 'converged', convergedAfterMs: 2_800, text: 'converged after 2.8 s' },
      verdict: { status: 'pass', purchases: 100 },
      answers: 150,
      staleAnswers: 28
    })
  })

  test('that has not taken hold after settling fails', () => {
    const judge = createJudge({ declared: ONLY_V1, source: ENV, now: 0 })
    judge.declare(ONLY_V2, PAGE, 10_000)
    buy(judge, 'v1', 10_000, 16_000)
    expect(judge.current(16_000)).toMatchObject({
      settling: { state: 'not-converged' },
      verdict: { status: 'fail', reason: 'bookstore-v1 was declared 0 and sold 10' }
    })
  })

  test('from nothing declared is measured against what was seen', () => {
    const judge = createJudge({ now: 0 })
    buy(judge, 'v1', 0, 5_000)
    judge.declare(ONLY_V2, PAGE, 10_000)
    buy(judge, 'v1', 10_000, 11_000)
    buy(judge, 'v2', 11_000, 15_000)
    expect(judge.current(15_000).settling).toMatchObject({
      state: 'converged',
      convergedAfterMs: 1_000
    })
  })

  test('to nothing declared keeps counting', () => {
    const judge = createJudge({ declared: EVEN, source: ENV, now: 0 })
    expect(judge.declare(null, { kind: 'none', detail: 'policy deleted' }, 10)).toBe(true)
    judge.observe({ version: 'v7', at: 20 })
    expect(judge.current(30)).toMatchObject({
      answers: 1,
      settling: null,
      verdict: { status: 'pending' }
    })
  })

  test('the same split again is no change; only its source is taken over', () => {
    const judge = createJudge({ declared: EVEN, source: ENV, now: 0 })
    judge.observe({ version: 'v1', at: 5 })
    expect(judge.declare(parseSplit('v2=500m,v1=500m'), PAGE, 10)).toBe(false)
    expect(judge.current(10)).toMatchObject({ id: 1, source: PAGE, answers: 1 })
  })
})

describe('answers on connections from before the change', () => {
  function changedJudge(): Judge {
    const judge = createJudge({ declared: ONLY_V1, source: ENV, now: 0 })
    judge.observe({ version: 'v1', at: 0 })
    judge.declare(ONLY_V2, PAGE, 10_000)
    return judge
  }

  test('are counted and not judged, whatever their version is', () => {
    const judge = changedJudge()
    buy(judge, 'v1', 15_000, 16_000, 9_000)
    buy(judge, 'v2', 16_000, 17_000, 14_999)
    expect(judge.current(17_000)).toMatchObject({
      lateOnOldConnections: 20,
      staleAnswers: 10,
      answers: 20,
      verdict: {
        status: 'pending',
        purchases: 0,
        reason: 'nothing to judge yet: 20 answers came on connections opened before the change took hold'
      }
    })
  })

  test('are one answer where there was one', () => {
    const judge = changedJudge()
    buy(judge, 'v1', 15_000, 15_100, 9_000)
    expect(judge.current(17_000).verdict.reason).toMatch(/^nothing to judge yet: 1 answer came on connections/)
  })

  test('on newer connections are judged', () => {
    const judge = changedJudge()
    buy(judge, 'v1', 15_000, 16_000, 15_000)
    expect(judge.current(16_000)).toMatchObject({
      lateOnOldConnections: 0,
      verdict: { status: 'fail' }
    })
  })

  test('are judged once the time to drain is over', () => {
    const judge = changedJudge()
    buy(judge, 'v1', 59_900, 60_000, 9_000)
    expect(judge.current(60_000)).toMatchObject({
      lateOnOldConnections: 1,
      verdict: { status: 'pending' }
    })
    buy(judge, 'v1', 60_000, 60_100, 9_000)
    expect(judge.current(60_100)).toMatchObject({
      lateOnOldConnections: 1,
      verdict: { status: 'fail' }
    })
  })
})

describe('reset', () => {
  test('begins a window with the same declaration', () => {
    const judge = createJudge({ declared: EVEN, source: ENV, now: 0 })
    buy(judge, 'v1', 0, 5_000)
    judge.reset(5_000)
    expect(judge.current(5_000)).toMatchObject({
      id: 2,
      source: ENV,
      declared: EVEN,
      answers: 0,
      verdict: { reason: 'nothing bought yet' }
    })
    expect(judge.history()[0]).toMatchObject({ to: 5_000, verdict: { status: 'fail' } })
  })

  test('in the middle of settling does not shorten it', () => {
    const judge = createJudge({ declared: ONLY_V1, source: ENV, now: 0 })
    judge.declare(ONLY_V2, PAGE, 10_000)
    judge.reset(11_000)
    judge.observe({ version: 'v1', at: 14_000 })
    expect(judge.current(14_000)).toMatchObject({
      settling: { state: 'settling' },
      verdict: { purchases: 0 }
    })
  })
})

test('at most 50 earlier windows are kept, the newest first', () => {
  const judge = createJudge({ declared: EVEN, source: ENV, now: 0 })
  for (let now = 1; now <= 70; now++) judge.reset(now)
  expect(judge.history()).toHaveLength(50)
  expect(judge.history()[0]?.id).toBe(70)
})

test('alpha and tolerance out of range are refused at once', () => {
  expect(() => createJudge({ now: 0, alpha: 7 })).toThrow(RangeError)
  expect(() => createJudge({ now: 0, tolerance: 5 })).toThrow(RangeError)
})
