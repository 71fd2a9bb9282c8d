import { expect, test } from 'vitest'
import { createOutboxAge } from './outbox-age.ts'

test('the oldest sale that waits is the one whose restock is not settled', () => {
  const age = createOutboxAge({ sold: 0, settled: 0, now: 0 })
  expect(age.oldest()).toBeUndefined()
  age.sold(1, 1_000)
  age.sold(2, 1_050)
  age.sold(3, 5_000)
  expect(age.oldest()).toBe(1_000)
  expect(age.settled(1)).toBe(1_000)
  expect(age.oldest()).toBe(1_000)
  expect(age.settled(2)).toBe(1_000)
  expect(age.oldest()).toBe(5_000)
  age.settled(3)
  expect(age.oldest()).toBeUndefined()
})

test('what waits from before a restart counts from the start', () => {
  const age = createOutboxAge({ sold: 10, settled: 4, now: 7_000 })
  expect(age.oldest()).toBe(7_000)
})

test('a million waiting sales keep a bounded number of marks, and no age is too low', () => {
  const age = createOutboxAge({ sold: 0, settled: 0, now: 0 })
  for (let sold = 1; sold <= 100_000; sold++) age.sold(sold, sold * 200)
  expect(age.oldest()).toBe(200)
  age.settled(50_000)
  const oldest = age.oldest() ?? Number.NaN
  expect(oldest).toBeLessThanOrEqual(50_001 * 200)
  expect(oldest).toBeGreaterThan(40_000 * 200)
})
