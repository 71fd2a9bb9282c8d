import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAmount } from './restock-amount.ts'

test('reads every whole number that is exact', () => {
  fc.assert(fc.property(fc.maxSafeNat(), amount => readAmount(` ${amount}\r\n`) === amount))
})

test.each([
  '-1',
  '1.5',
  '1e400',
  '1e2',
  '01',
  '+1',
  '"x"',
  '{}',
  '[]',
  'NaN',
  'null',
  'true',
  '1 2',
  '9007199254740992',
  '٣',
  '\u00a01'
])('refuses %s and repeats it', body => {
  expect(() => readAmount(body)).toThrow(
    expect.objectContaining({
      statusCode: 400,
      message: expect.stringContaining(JSON.stringify(body))
    })
  )
})

test.each([undefined, '', ' \n'])('refuses the empty body %j', body => {
  expect(() => readAmount(body)).toThrow('got an empty body')
})

test('repeats no more than the beginning of a long body', () => {
  const body = 'x'.repeat(10_000)
  expect(() => readAmount(body)).toThrow(/^.{1,200}$/)
})
