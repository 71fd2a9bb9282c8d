import { describe, expect, test } from 'vitest'
import { logAddExp, logBeta, logGamma, xLogY } from './log-math.ts'

// Reference values computed with 30 digits by mpmath 1.3 (loggamma).
const REFERENCE: readonly (readonly [x: number, logGamma: number])[] = [
  [0.002, 6.21345695375936],
  [0.5, 0.5723649429247001],
  [1, 0],
  [1.5, -0.1207822376352452],
  [2, 0],
  [5, 3.1780538303479458],
  [10, 12.801827480081469],
  [10.5, 13.940625219403763],
  [100, 359.1342053695754],
  [1e7, 151180949.3694739]
]

describe('logGamma', () => {
  test.each(REFERENCE)('of %d is %d', (x, expected) => {
    expect(Math.abs(logGamma(x) - expected)).toBeLessThan(1e-14 * Math.max(10, Math.abs(expected)))
  })

  test('keeps the recurrence Γ(x + 1) = x Γ(x) over small and large arguments', () => {
    for (const x of [0.001, 0.3, 3.7, 9.999, 10.001, 57.3, 4_321.5]) {
      expect(logGamma(x + 1) - logGamma(x)).toBeCloseTo(Math.log(x), 10)
    }
  })

  test.each([0, -1, Number.NaN, Infinity])('refuses %d and names it', x => {
    expect(() => logGamma(x)).toThrow(`got ${x}`)
  })
})

test('logBeta of whole numbers is the logarithm of (a-1)! (b-1)! / (a+b-1)!', () => {
  expect(logBeta(3, 4)).toBeCloseTo(Math.log((2 * 6) / 720), 13)
})

test('logAddExp neither overflows nor loses the smaller part', () => {
  expect(logAddExp(1_000, 1_000)).toBeCloseTo(1_000 + Math.LN2, 12)
  expect(logAddExp(0, Math.log(3))).toBeCloseTo(Math.log(4), 14)
  expect(logAddExp(-Infinity, -Infinity)).toBe(-Infinity)
  expect(logAddExp(Infinity, 0)).toBe(Infinity)
})

test('xLogY of nothing impossible costs nothing, of something impossible everything', () => {
  expect(xLogY(0, 0)).toBe(0)
  expect(xLogY(1, 0)).toBe(-Infinity)
})
