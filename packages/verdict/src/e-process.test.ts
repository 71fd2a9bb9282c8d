import { expect, test } from 'vitest'
import { seededRandom } from '../bench/seeded-random.ts'
import { createEProcess } from './e-process.ts'
import { createExactTest } from './exact-test.ts'
import { logEOfCounts } from './judge-counts.ts'
import { MIXTURE } from './mixture.ts'

test('the weights of the mixture sum to 1', () => {
  expect(MIXTURE.reduce((sum, { logWeight }) => sum + Math.exp(logWeight), 0)).toBeCloseTo(1, 14)
})

test('the first purchase of a version moves e nowhere, since the prior is centred at its share', () => {
  expect(createEProcess([0.3, 0.7]).observe(0)).toBeCloseTo(0, 14)
})

test('two purchases of one half: each bet has won 2 (c/2 + 1) / (c + 1), weighted 2 to 1', () => {
  const process = createEProcess([0.5, 0.5])
  process.observe(0)
  const expected = (2 / 3) * 2 * (3.5 / 6) + (1 / 3) * 2 * (26 / 51)
  expect(process.observe(0)).toBeCloseTo(Math.log(expected), 13)
})

test('step by step it gives what the closed form with gamma functions gives, to 1e-9', () => {
  const shares = [0.4, 0.3, 0.3]
  const process = createEProcess(shares)
  const counts = [0, 0, 0]
  const random = seededRandom(5)
  for (let bought = 0; bought < 20_000; bought++) {
    const index = Math.floor(random() * 3)
    counts[index] = (counts[index] ?? 0) + 1
    process.observe(index)
  }
  const closed = logEOfCounts(shares.map((declared, index) => ({ declared, count: counts[index] ?? 0 })))
  expect(Math.abs(process.logE() - closed)).toBeLessThan(1e-9 * Math.abs(closed))
})

test.each([
  ['the mixture', createEProcess],
  ['the exact test', createExactTest]
])('under correct shares the mean of e over all orders of 12 purchases is exactly 1 for %s', (_, create) => {
  const shares = [0.8, 0.2]
  let mean = 0
  for (let order = 0; order < 2 ** 12; order++) {
    const process = create(shares)
    let chance = 1
    for (let bit = 0; bit < 12; bit++) {
      const index = (order >> bit) & 1
      chance *= shares[index] ?? 0
      process.observe(index)
    }
    mean += chance * Math.exp(process.logE())
  }
  expect(mean).toBeCloseTo(1, 10)
})

test('an index out of range is refused', () => {
  expect(() => createEProcess([1]).observe(1)).toThrow('got 1')
})
