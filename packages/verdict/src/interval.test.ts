import { describe, expect, test } from 'vitest'
import { createEProcess } from './e-process.ts'
import { intervalContains, intervalWithin, shareInterval } from './interval.ts'

describe('shareInterval', () => {
  test('before the first purchase it is everything', () => {
    expect(shareInterval({ count: 0, total: 0, centre: 0.5, alpha: 0.01 })).toStrictEqual({
      low: 0,
      high: 1
    })
  })

  test('it ends where the average Beta likelihood is 1/alpha times that of the share', () => {
    // One purchase of one: ∫p dBeta = centre = 0.5 for every concentration, so p > 0.5 * alpha stays.
    const { low, high } = shareInterval({ count: 1, total: 1, centre: 0.5, alpha: 0.01 })
    expect(low).toBeCloseTo(0.005, 12)
    expect(high).toBe(1)
  })

  test('it shrinks with purchases and widens with certainty', () => {
    const width = (total: number, alpha: number) => {
      const { low, high } = shareInterval({ count: total / 2, total, centre: 0.5, alpha })
      return high - low
    }
    expect(width(400, 0.01)).toBeLessThan(width(100, 0.01))
    expect(width(400, 0.01)).toBeGreaterThan(width(400, 0.1))
  })

  test('of two versions each is the mirror image of the other', () => {
    const one = shareInterval({ count: 37, total: 120, centre: 0.25, alpha: 0.01 })
    const other = shareInterval({ count: 83, total: 120, centre: 0.75, alpha: 0.01 })
    expect(one.low).toBeCloseTo(1 - other.high, 12)
    expect(one.high).toBeCloseTo(1 - other.low, 12)
  })

  test('it stays finite and narrow after ten million purchases', () => {
    const { low, high } = shareInterval({ count: 1_000_000, total: 1e7, centre: 0.1, alpha: 0.01 })
    expect(high - low).toBeLessThan(0.001)
    expect(low).toBeLessThan(0.1)
    expect(high).toBeGreaterThan(0.1)
  })
})

test('it excludes the declared share exactly when the mixture of the test passes 1/alpha', () => {
  const process = createEProcess([0.5, 0.5])
  let count = 0
  let both = 0
  for (let total = 1; total <= 400; total++) {
    const index = total % 5 < 3 ? 0 : 1
    if (index === 0) count += 1
    const alarmed = process.observe(index) >= Math.log(100)
    expect(intervalContains({ count, total, centre: 0.5, alpha: 0.01 }, 0.5)).toBe(!alarmed)
    if (alarmed) both += 1
  }
  expect(both).toBeGreaterThan(0)
  expect(both).toBeLessThan(400)
})

test('intervalWithin agrees with the bisected ends', () => {
  for (const [count, total] of [
    [50, 100],
    [700, 1_400],
    [1_000, 2_000],
    [1_100, 2_000],
    [0, 90],
    [0, 200]
  ] as const) {
    for (const centre of [0.5, 0]) {
      const evidence = { count, total, centre, alpha: 0.01 }
      const { low, high } = shareInterval(evidence)
      const bounds = { low: centre - 0.05, high: centre + 0.05 }
      const within = low >= bounds.low && high <= bounds.high
      expect(intervalWithin(evidence, bounds)).toBe(within)
    }
  }
})
