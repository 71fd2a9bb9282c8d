import { parseExpectation, parseSplit } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { judgeCounts } from './judge-counts.ts'
import { createSplitMonitor } from './split-monitor.ts'

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

test('one version under two names is refused, as the CLI does', () => {
  const counts = { v1: 5, 'bookstore-v1': 6 }
  expect(() => judgeCounts({ declared: EVEN, counts })).toThrow('every version once, got bookstore-v1 twice')
})

describe('ranges', () => {
  const { split: declared, ranges } = parseExpectation('v1=88..92,v2=8..12')
  const judged = (v1: number, v2: number) => judgeCounts({ declared, ranges, counts: { v1, v2 } })

  test('pass when every share is surely within its range', () => {
    expect(judged(9_000, 1_000)).toMatchObject({
      status: 'pass',
      reason: expect.stringMatching(/^matches 88\.\.92\/8\.\.12: .*; every version is within its range$/)
    })
    expect(judged(27_300, 2_700).status).toBe('pass')
  })

  test('fail when a share is surely beyond', () => {
    expect(judged(8_500, 1_500)).toMatchObject({
      status: 'fail',
      reason: expect.stringMatching(/^not 88\.\.92\/8\.\.12: bookstore-v1 got 85 %/)
    })
    expect(judged(9_700, 300).status).toBe('fail')
  })

  test('are pending at the edge, and with few purchases', () => {
    expect(judged(8_800, 1_200).status).toBe('pending')
    expect(judged(90, 10).status).toBe('pending')
  })

  test('are the same for purchases one by one', () => {
    const monitor = createSplitMonitor({ declared, ranges })
    for (let bought = 1; bought <= 4_000; bought++) monitor.observe(bought % 10 === 0 ? 'v2' : 'v1')
    expect(monitor.verdict()).toMatchObject({ status: 'pass', alarmAt: null })
    for (let bought = 1; bought <= 2_000; bought++) monitor.observe(bought % 4 === 0 ? 'v2' : 'v1')
    expect(monitor.verdict().status).toBe('fail')
  })
})
