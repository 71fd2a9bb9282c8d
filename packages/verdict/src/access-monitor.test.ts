import type { ExpectedAccess } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { type AccessAttempt, createAccessMonitor } from './access-monitor.ts'

function after(expected: ExpectedAccess, attempts: readonly (readonly [number, AccessAttempt])[]) {
  const access = createAccessMonitor({ expected })
  for (const [times, attempt] of attempts) for (let n = 0; n < times; n++) access.observe(attempt)
  return access.verdict()
}

const BOUGHT = { outcome: 'bought', status: 200 } as const
const DENIED = { outcome: 'denied', status: 403 } as const
const CLOSED = { outcome: 'denied', status: 0 } as const
const BROKEN = { outcome: 'failed', status: 503 } as const

describe('denied is expected', () => {
  test('120 denials of 120 pass, with the bound that 120 attempts allow', () => {
    const verdict = after('denied', [[120, DENIED]])
    expect(verdict).toMatchObject({ status: 'pass', attempts: 120, missing: null })
    expect(verdict.upperBound).toBeCloseTo(1 - 0.01 ** (1 / 120), 12)
    expect(verdict.reason).toBe('denied 120 of 120 attempts; if any get through it is fewer than 3.8 %')
  })

  test('90 denials are enough for 5 %, 89 are not', () => {
    expect(after('denied', [[90, DENIED]]).status).toBe('pass')
    expect(after('denied', [[89, DENIED]])).toMatchObject({
      status: 'pending',
      missing: 1,
      reason: 'denied 89 of 89 attempts; if any get through it is fewer than 5.1 %; 1 more to be sure of at most 5 %'
    })
  })

  test('one purchase fails, however many denials there are', () => {
    const verdict = after('denied', [
      [500, DENIED],
      [1, BOUGHT]
    ])
    expect(verdict.status).toBe('fail')
    expect(verdict.reason).toBe('expected to be denied, but 1 of 501 attempts bought a book')
    expect(verdict.upperBound).toBeGreaterThan(1 / 501)
    expect(verdict.upperBound).toBeLessThan(0.1)
  })

  test('failures prove nothing and are told', () => {
    expect(after('denied', [[200, BROKEN]])).toMatchObject({
      status: 'pending',
      upperBound: 1,
      missing: 90,
      reason: '200 attempts failed (no answer or a server error), which proves nothing about access'
    })
    expect(
      after('denied', [
        [100, DENIED],
        [3, BROKEN]
      ]).reason
    ).toMatch(/; 3 attempts failed, which proves nothing$/)
  })
})

describe('allowed is expected', () => {
  test('purchases pass and a denial fails', () => {
    expect(after('allowed', [[90, BOUGHT]])).toMatchObject({
      status: 'pass',
      reason: 'allowed 90 of 90 attempts; if any are denied it is fewer than 5 %'
    })
    expect(
      after('allowed', [
        [90, BOUGHT],
        [2, DENIED]
      ])
    ).toMatchObject({
      status: 'fail',
      reason: 'expected to be allowed, but 2 of 92 attempts were denied'
    })
  })
})

describe('one status is expected', () => {
  test('that status passes, another answer fails', () => {
    expect(after(403, [[100, DENIED]])).toMatchObject({ status: 'pass' })
    expect(
      after(403, [
        [100, DENIED],
        [1, CLOSED]
      ]).status
    ).toBe('fail')
    expect(after(403, [[1, BOUGHT]]).reason).toBe(
      'expected to be met with status 403, but 1 of 1 attempt ended otherwise'
    )
  })

  test('0 means no HTTP answer', () => {
    expect(after(0, [[100, CLOSED]])).toMatchObject({ status: 'pass' })
    expect(after(0, [[1, DENIED]]).status).toBe('fail')
  })

  test('a server error is evidence only where it is the expected one', () => {
    expect(after(503, [[100, BROKEN]]).status).toBe('pass')
    expect(after(403, [[100, BROKEN]]).status).toBe('pending')
  })
})

test('before the first attempt it says so', () => {
  expect(createAccessMonitor({ expected: 'denied' }).verdict()).toStrictEqual({
    status: 'pending',
    reason: 'nothing tried yet',
    attempts: 0,
    upperBound: 1,
    missing: 90
  })
})

test('alpha and tolerance out of range are refused at once', () => {
  expect(() => createAccessMonitor({ expected: 'denied', alpha: 2 })).toThrow(RangeError)
  expect(() => createAccessMonitor({ expected: 'denied', tolerance: 0 })).toThrow(RangeError)
})
