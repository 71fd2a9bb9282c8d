import { expect, test } from 'vitest'
import { passRange } from './pass-range.ts'
import { createSplitMonitor } from './split-monitor.ts'

const EVEN = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }
const terms = { alpha: 0.01, tolerance: 0.05 }

test('a correct 50/50 passes within the range in 99 of 100 tries, and never sooner', () => {
  const range = passRange({ declared: EVEN, ...terms })
  if (range === null) throw new Error('expected a range')
  const needed = Array.from({ length: 100 }, (_, seed) => purchasesToPass(seed, range.most))
  expect(Math.min(...needed)).toBeGreaterThanOrEqual(range.fewest * 0.99)
  expect(needed.filter(number => number === Infinity).length).toBeLessThanOrEqual(3)
})

test('a rarer version needs fewer, and what is declared alone a handful', () => {
  const even = passRange({ declared: EVEN, ...terms })
  const canary = passRange({ declared: { 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 }, ...terms })
  expect(canary?.most).toBeLessThan(even?.most ?? 0)
  const all = passRange({ declared: { 'bookstore-v1': 1 }, ...terms })
  expect(all?.fewest).toBeLessThan(canary?.fewest ?? 0)
})

function purchasesToPass(seed: number, most: number): number {
  const random = generator(seed)
  const monitor = createSplitMonitor({ declared: EVEN, ...terms })
  for (let purchase = 1; purchase <= most; purchase++) {
    monitor.observe(random() < 0.5 ? 'bookstore-v1' : 'bookstore-v2')
    if (purchase % 50 === 0 && monitor.verdict().status === 'pass') return purchase
  }
  return Infinity
}

// mulberry32 (https://github.com/bryc/code/blob/master/jshash/PRNGs.md)
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
