import { expect, test } from 'vitest'
import { createLatest } from './latest.ts'

test('gives what was noted last, and forgets the oldest names', () => {
  const latest = createLatest<number>(4)
  latest.note('a', 1)
  latest.note('a', 2)
  latest.note('b', 3)
  latest.note('c', 4)
  expect(['a', 'b', 'c'].map(latest.get)).toEqual([2, 3, 4])
  latest.note('d', 5)
  expect(['a', 'b', 'c', 'd'].map(latest.get)).toEqual([undefined, undefined, 4, 5])
})
