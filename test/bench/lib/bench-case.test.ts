import { expect, test } from 'vitest'
import { describeCase, medianOf, ratioOf } from './bench-case.ts'

const rows = [
  { name: 'ours', unit: 'req/s', values: [900, 1100, 1000], against: 'theirs' },
  { name: 'theirs', unit: 'req/s', values: [500, 400, 600] }
]

test('a row is told by its median, its spread and its ratio', () => {
  const text = describeCase(
    { name: 'x', title: 'Sales', run: async () => ({ rows, targets: [] }) },
    { rows, targets: [{ sentence: 'twice as quick', isMet: true }] }
  )
  expect(text.split('\n')).toEqual([
    'Sales',
    '  ours        1,000 req/s (900 to 1,100)  2.00 x theirs',
    '  theirs        500 req/s (400 to 600)',
    '  met    twice as quick'
  ])
})

test('a row that is compared with none has no ratio', () => {
  expect(rows.map(row => ratioOf(row, rows))).toEqual([2, undefined])
})

test('there is no median of nothing', () => {
  expect(() => medianOf([])).toThrow('got none')
})
