import { describe, expect, test } from 'vitest'
import { describeSplit, formatSplit } from './format.ts'
import { parseSplit, SplitError, sameSplit, splitFromWeights } from './split.ts'

const HALVES = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }

describe('parseSplit', () => {
  test.each([
    'bookstore-v1=50,bookstore-v2=50',
    'v1=1, v2=1',
    'v1=500m,v2=500m',
    'v1=500m,bookstore-v2=0.5',
    'v1=1k,v2=1000',
    'v1=1Ki,v2=1024',
    'v1=5e1,v2=50',
    'v1=.5,v2=+0.50',
    'v1=1E,v2=1E18'
  ])('reads %s as halves, bit for bit', text => {
    expect(parseSplit(text)).toStrictEqual(HALVES)
  })

  test('keeps other names and a weight of 0', () => {
    expect(parseSplit('canary=0,stable=3')).toStrictEqual({ canary: 0, stable: 1 })
  })

  test('gives shares that sum to 1 when the ratio is no binary fraction', () => {
    const shares = Object.values(parseSplit('a=1,b=1,c=1'))
    expect(shares[0]).toBe(1 / 3)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 15)
  })

  test('v10 is not v1', () => {
    expect(Object.keys(parseSplit('v1=1,v10=1'))).toStrictEqual(['bookstore-v1', 'bookstore-v10'])
  })

  test('a name such as __proto__ is a name and nothing else', () => {
    expect(Object.entries(parseSplit('__proto__=1,v1=1'))).toHaveLength(2)
  })

  test.each([
    ['', 'got nothing'],
    ['v1', '"v1"'],
    ['v1=50,', '""'],
    ['=50', '"=50"'],
    ['v1=', '"v1="'],
    ['v1=1=2', '"v1=1=2"'],
    ['v1=-1,v2=2', 'got -1'],
    ['v1=0.0000000001,v2=1', 'got 0.0000000001: finer than 1n'],
    ['v1=1e25,v2=1', 'got 1e25: too large'],
    ['v1=NaN', '"NaN"'],
    ['v1=Infinity', '"Infinity"'],
    ['v1=half', '"half"'],
    ['v1=.', '"."'],
    ['v1=1.2.3', '"1.2.3"'],
    ['v1=1e999999999', '"1e999999999"'],
    ['v1=0,v2=0m', 'bookstore-v1 and bookstore-v2'],
    ['v1=50,bookstore-v1=50', '"bookstore-v1" twice'],
    ['v1=50,V1=50', '"V1" twice'],
    ['v1=1n,v2=9E', 'Weight of bookstore-v1: expected 0, or at least 1e-15'],
    ['a b=1', '"a b"']
  ])('refuses "%s" and names the value', (text, named) => {
    expect(() => parseSplit(text)).toThrow(SplitError)
    expect(() => parseSplit(text)).toThrow(named)
  })

  test('its error has a code', () => {
    expect(() => parseSplit('v1=x')).toThrow(expect.objectContaining({ code: 'BOOKSTORE_BAD_SPLIT' }))
  })
})

test('splitFromWeights takes numbers and quantities, as a TrafficSplit has them', () => {
  expect(
    splitFromWeights([
      ['bookstore-v1', '500m'],
      ['bookstore-v2', 0.5]
    ])
  ).toStrictEqual(HALVES)
  expect(() => splitFromWeights([])).toThrow('at least one version')
  expect(() => splitFromWeights([['v1', Number.NaN]])).toThrow('"NaN"')
})

test('sameSplit looks at the shares and not at their spelling or order', () => {
  expect(sameSplit(parseSplit('v1=9,v2=1'), parseSplit('v2=100m,v1=900m'))).toBe(true)
  expect(sameSplit(parseSplit('v1=9,v2=1'), parseSplit('v1=1,v2=9'))).toBe(false)
  expect(sameSplit(parseSplit('v1=1'), parseSplit('v1=1,v2=0'))).toBe(false)
})

test('a split is told short and long', () => {
  expect(formatSplit(parseSplit('v1=50,v2=50'))).toBe('50/50')
  expect(formatSplit(parseSplit('v1=2,v2=1'))).toBe('66.7/33.3')
  expect(formatSplit(parseSplit('v1=9999,v2=1'))).toBe('99.99/0.01')
  expect(describeSplit(parseSplit('v1=90,v2=10'))).toBe('bookstore-v1 90 %, bookstore-v2 10 %')
})
