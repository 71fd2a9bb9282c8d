import { describe, expect, test } from 'vitest'
import { formatRanges, parseExpectation } from './expectation.ts'
import { SplitError } from './split.ts'

describe('parseExpectation', () => {
  test('reads weights as a split', () => {
    expect(parseExpectation('v1=1,v2=1')).toEqual({
      split: { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 },
      ranges: undefined
    })
  })

  test('reads ranges in percent, with shares inside them that sum to 1', () => {
    const { split, ranges } = parseExpectation('v1=88..92, canary=8..13')
    expect(ranges).toEqual({ 'bookstore-v1': { low: 0.88, high: 0.92 }, canary: { low: 0.08, high: 0.13 } })
    expect(Object.values(split).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(split['bookstore-v1']).toBeGreaterThanOrEqual(0.88)
    expect(split['bookstore-v1']).toBeLessThanOrEqual(0.92)
    expect(split['canary']).toBeGreaterThanOrEqual(0.08)
    expect(split['canary']).toBeLessThanOrEqual(0.13)
  })

  test.each([
    ['v1=88..92,v2=10', '"v2=10"'],
    ['v1=92..88,v2=8..12', '92..88'],
    ['v1=0..101,v2=0..5', '0..101'],
    ['v1=10..20,v2=10..20', '20 to 40 %'],
    ['v1=60..70,v2=60..70', '120 to 140 %'],
    ['v1=0..50,V1=50..100', '"V1" twice'],
    ['v1=a..b', '"v1=a..b"']
  ])('refuses %s and names the value', (text, named) => {
    expect(() => parseExpectation(text)).toThrow(SplitError)
    expect(() => parseExpectation(text)).toThrow(named)
  })
})

test('ranges are told as they were written', () => {
  expect(formatRanges(parseExpectation('v1=88..92,v2=8..12.5').ranges ?? {})).toBe('88..92/8..12.5')
})
