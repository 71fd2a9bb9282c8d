import { expect, test } from 'vitest'
import { expectedElsewhere } from './expected-elsewhere.ts'
import { judgeCounts } from './judge-counts.ts'

const HALF = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }
const split = { 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 }
const source = 'TrafficSplit bookstore/bookstore-split'
const wrong = judgeCounts({ declared: HALF, counts: { 'bookstore-v1': 900, 'bookstore-v2': 100 } })

test('names both splits where the mesh does what is declared, and not what is expected', () => {
  expect(expectedElsewhere(wrong, HALF, { split, source })).toEqual({
    code: 'declared-elsewhere',
    text: 'you expect 50/50; TrafficSplit bookstore/bookstore-split says 90/10, and the mesh does 90/10'
  })
})

test('is none where the mesh does something else again, the same is expected, or nothing failed', () => {
  expect(expectedElsewhere(wrong, HALF, { split: { 'bookstore-v1': 0.7, 'bookstore-v2': 0.3 }, source })).toBeNull()
  expect(expectedElsewhere(wrong, HALF, { split: HALF, source })).toBeNull()
  const right = judgeCounts({ declared: HALF, counts: { 'bookstore-v1': 50, 'bookstore-v2': 50 } })
  expect(expectedElsewhere(right, HALF, { split, source })).toBeNull()
})
