import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatWeight, parseWeight, sharesOf } from './weight.ts'

describe('parseWeight', () => {
  test.each([
    ['50', 50_000_000_000n],
    ['0', 0n],
    ['500m', 500_000_000n],
    ['0.5', 500_000_000n],
    ['.5', 500_000_000n],
    ['1.', 1_000_000_000n],
    ['+1', 1_000_000_000n],
    ['1k', 1_000_000_000_000n],
    ['1Ki', 1_024_000_000_000n],
    ['1e3', 1_000_000_000_000n],
    ['5E-1', 500_000_000n],
    ['1E', 10n ** 27n],
    ['1n', 1n],
    ['-0', 0n]
  ])('reads %s exactly', (text, weight) => {
    expect(parseWeight(text)).toEqual({ ok: true, weight })
  })

  test.each([
    ['', 'an empty text'],
    ['-1', '0 or more, got -1'],
    ['fifty', '"fifty"'],
    ['50%', '"50%"'],
    ['m', '"m"'],
    ['.', '"."'],
    ['1x', 'no unit x'],
    ['0.0000000001', 'finer than 1n'],
    ['1e99', 'too large'],
    ['1'.repeat(65), '65 characters']
  ])('refuses %j and says what it got', (text, got) => {
    const parsed = parseWeight(text)
    expect(parsed.ok).toBe(false)
    expect(parsed.ok ? '' : parsed.message).toContain(got)
  })

  test('reads back what formatWeight writes', () => {
    const weights = fc.bigInt({ min: 0n, max: 9_223_372_036_854_775_807n * 1_000_000_000n })
    fc.assert(
      fc.property(weights, weight => {
        expect(parseWeight(formatWeight(weight))).toEqual({ ok: true, weight })
      })
    )
  })
})

describe('sharesOf', () => {
  const some = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 20n }), { minLength: 1, maxLength: 12 })
    .filter(weights => weights.some(weight => weight > 0n))

  test('gives shares that sum to 1, and exactly 0 for a weight of 0', () => {
    fc.assert(
      fc.property(some, weights => {
        const shares = sharesOf(weights)
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
        for (const [index, weight] of weights.entries()) {
          if (weight === 0n) expect(shares[index]).toBe(0)
        }
      })
    )
  })

  test('depends on the ratio only', () => {
    fc.assert(
      fc.property(some, fc.bigInt({ min: 1n, max: 10n ** 9n }), (weights, factor) => {
        expect(sharesOf(weights.map(weight => weight * factor))).toEqual(sharesOf(weights))
      })
    )
  })

  test('keeps the smallest weight beside the largest', () => {
    const [smallest = 0] = sharesOf([1n, 10n ** 25n])
    expect(smallest * 1e25).toBeCloseTo(1, 12)
  })

  test('refuses weights that are all 0', () => {
    expect(() => sharesOf([0n, 0n])).toThrow(RangeError)
    expect(() => sharesOf([])).toThrow(RangeError)
  })
})
