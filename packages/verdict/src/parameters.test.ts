import { expect, test } from 'vitest'
import { checkedAlpha, checkedTolerance } from './parameters.ts'

test.each([0, -1, 0.6, Number.NaN])('alpha %d is refused and named', alpha => {
  expect(() => checkedAlpha(alpha)).toThrow(`got ${alpha}`)
})

test.each([0, 1, 5, Number.NaN])('tolerance %d is refused and named', tolerance => {
  expect(() => checkedTolerance(tolerance)).toThrow(`got ${tolerance}`)
})

test('usual values are given back', () => {
  expect(checkedAlpha(0.01)).toBe(0.01)
  expect(checkedTolerance(0.05)).toBe(0.05)
})
