import { expect, test } from 'vitest'
import { about, percent, points, purchases, seconds } from './format.ts'

test.each([
  [0, '0 %'],
  [0.00001, '0.001 %'],
  [0.0000001, 'under 0.001 %'],
  [0.084, '8.4 %'],
  [0.5238, '52 %'],
  [0.95, '95 %'],
  [0.9999, '99.99 %'],
  [0.9999999, 'over 99.999 %'],
  [1, '100 %']
])('a share of %d is told as %s', (share, told) => {
  expect(percent(share)).toBe(told)
})

test('a share may be told with a digit more', () => {
  expect([0, 0.0001, 0.5234, 0.9999, 1].map(share => percent(share, 1))).toEqual([
    '0 %',
    '0.01 %',
    '52.3 %',
    '99.99 %',
    '100 %'
  ])
})

test('numbers are told so that a person can read them', () => {
  expect(about(1_843)).toBe('1,900')
  expect(about(7)).toBe('7')
  expect(purchases(1)).toBe('1 purchase')
  expect(purchases(12_345_678)).toBe('12,345,678 purchases')
  expect(points(0.0912)).toBe('9')
  expect(points(0.0042)).toBe('0.4')
  expect(seconds(2_810)).toBe('2.8 s')
})
