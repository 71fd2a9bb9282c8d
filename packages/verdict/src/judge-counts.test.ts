import { parseSplit } from '@bookstore/contract'
import { expect, test } from 'vitest'
import { judgeCounts } from './judge-counts.ts'

const EVEN = parseSplit('v1=50,v2=50')

test('600 and 400 are not 50/50', () => {
  const verdict = judgeCounts({ declared: EVEN, counts: { v1: 600, v2: 400 } })
  expect(verdict).toMatchObject({ status: 'fail', purchases: 1_000, alarmAt: null })
})

test('1,000 and 1,000 are 50/50, and 100 and 100 are too few to say', () => {
  expect(judgeCounts({ declared: EVEN, counts: { v1: 1_000, 'bookstore-v2': 1_000 } }).status).toBe('pass')
  expect(judgeCounts({ declared: EVEN, counts: { v1: 100, v2: 100 } }).status).toBe('pending')
})

test('a declared version without a count has none, and an undeclared one fails', () => {
  expect(judgeCounts({ declared: EVEN, counts: { v1: 5 } }).versions[1]).toMatchObject({ count: 0 })
  expect(judgeCounts({ declared: EVEN, counts: { v1: 5, v2: 5, v3: 1 } })).toMatchObject({
    status: 'fail',
    reason: 'bookstore-v3 is not in the declared split and sold 1'
  })
})

test('a version of weight 0 with no purchase is no failure', () => {
  const declared = parseSplit('v1=1,v2=0')
  expect(judgeCounts({ declared, counts: { v1: 300, v2: 0 } }).status).toBe('pass')
})

test('counts of ten million stay exact enough to judge', () => {
  const counts = { v1: 5_000_000, v2: 5_000_000 }
  expect(judgeCounts({ declared: EVEN, counts, tolerance: 0.001 }).status).toBe('pass')
})

test.each([-1, 0.5, Number.NaN, Infinity])('a count of %d is refused and named', count => {
  expect(() => judgeCounts({ declared: EVEN, counts: { v1: count } })).toThrow(`of v1, got ${count}`)
})
