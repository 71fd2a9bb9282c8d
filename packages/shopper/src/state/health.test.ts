import { describe, expect, test } from 'vitest'
import { type HealthParts, healthOf } from './health.ts'

const NOW = 1_000_000

function parts(change: Partial<HealthParts> = {}): HealthParts {
  return {
    buckets: [],
    lastAnswers: [],
    declared: { v1: 0.5, v2: 0.5 },
    expected: 'allowed',
    judgedFrom: 0,
    lastOutcomeAt: NOW - 100,
    startedAt: 0,
    paceMs: 1000,
    now: NOW,
    ...change
  }
}

function bucket(v1: number, failed = 0, denied = 0) {
  return { at: NOW - 1000, byVersion: { v1 }, denied, failed, p50: null, p95: null }
}

const last = (version: string, agoMs: number, attemptsSince: number) => ({ version, at: NOW - agoMs, attemptsSince })

describe('health now', () => {
  test('counts the last ten seconds', () => {
    const health = healthOf(parts({ buckets: [bucket(3), bucket(4, 1, 2)] }))
    expect(health).toMatchObject({ status: 'ok', bought: 7, denied: 2, failed: 1, byVersion: { v1: 7 }, silent: [] })
  })

  test('is not troubled by denials from before the door was opened', () => {
    const buckets = [bucket(0, 0, 9)]
    expect(healthOf(parts({ buckets }))).toMatchObject({
      status: 'degraded',
      reason: '9 of 9 were denied in the last 10 s'
    })
    expect(healthOf(parts({ buckets, judgedFrom: NOW + 4000 })).status).toBe('ok')
  })

  test('is unknown before the first attempt, and degraded when none comes', () => {
    expect(healthOf(parts({ lastOutcomeAt: null, startedAt: NOW - 2000 }))).toMatchObject({ status: 'unknown' })
    expect(healthOf(parts({ lastOutcomeAt: null, startedAt: NOW - 20_000 }))).toMatchObject({
      status: 'degraded',
      reason: 'nothing was tried for 20 s'
    })
    // a slow shopper is not idle
    expect(healthOf(parts({ lastOutcomeAt: NOW - 20_000, paceMs: 10_000 }))).toMatchObject({ status: 'unknown' })
  })

  test('is degraded when attempts fail, and not by a single one', () => {
    expect(healthOf(parts({ buckets: [bucket(4, 2)] })).reason).toBe('2 of 6 failed in the last 10 s')
    expect(healthOf(parts({ buckets: [bucket(4, 1)] })).status).toBe('ok')
    expect(healthOf(parts({ buckets: [bucket(98, 2)] })).status).toBe('ok')
  })

  test('names a declared version that is silent while attempts fail', () => {
    const lastAnswers = [last('v1', 100, 0), last('v2', 12_000, 6)]
    const health = healthOf(parts({ buckets: [bucket(4, 2)], lastAnswers }))
    expect(health.reason).toBe('v2 has not answered for 12 s')
    expect(health.silent).toEqual([{ version: 'v2', seconds: 12 }])
  })

  test('without failures, only by what chance does not do', () => {
    const silent = (attemptsSince: number, agoMs = 12_000) =>
      healthOf(parts({ buckets: [bucket(9)], lastAnswers: [last('v2', agoMs, attemptsSince)] })).status
    expect(silent(19)).toBe('ok')
    expect(silent(20)).toBe('degraded')
    expect(silent(400, 4_000)).toBe('ok')
  })

  test('a version that is declared 0, or not at all, may be silent', () => {
    const lastAnswers = [last('v2', 60_000, 900), last('v3', 60_000, 900)]
    expect(healthOf(parts({ buckets: [bucket(9)], lastAnswers, declared: { v1: 1, v2: 0 } })).status).toBe('ok')
  })

  test('who is to be denied misses no version, and an expected status is no failure', () => {
    const lastAnswers = [last('v2', 60_000, 900)]
    expect(healthOf(parts({ buckets: [bucket(0, 0, 9)], lastAnswers, expected: 'denied' })).status).toBe('ok')
    expect(healthOf(parts({ buckets: [bucket(0, 9)], expected: 503 })).status).toBe('ok')
  })
})
