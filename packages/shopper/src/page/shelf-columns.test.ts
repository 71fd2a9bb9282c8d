import type { TimelineBucket } from '@bookstore/contract'
import { expect, test } from 'vitest'
import { spanUntil, toColumns, versionsIn } from './shelf-columns.ts'

const EMPTY = { denied: 0, failed: 0, p50: null, p95: null }
const bucket = (at: number, bought: Record<string, number>): TimelineBucket => ({
  ...EMPTY,
  at,
  byVersion: bought
})

test('columns begin at full multiples and end with the present one', () => {
  const span = spanUntil(100_500, { columns: 3, columnMs: 2000 })
  expect(span).toEqual({ from: 96_000, columns: 3, columnMs: 2000 })
})

test('seconds are summed by column, and those outside are left out', () => {
  const span = { from: 96_000, columns: 2, columnMs: 2000 }
  const columns = toColumns(
    [
      bucket(95_000, { v1: 100 }),
      bucket(96_000, { v1: 1 }),
      { ...bucket(97_000, { v1: 2, v2: 3 }), denied: 4 },
      { ...bucket(98_000, {}), failed: 5 },
      bucket(100_000, { v1: 100 })
    ],
    span
  )
  expect(columns).toEqual([
    { byVersion: { v1: 3, v2: 3 }, bought: 6, denied: 4, failed: 0 },
    { byVersion: {}, bought: 0, denied: 0, failed: 5 }
  ])
})

test('versions come in the order of their numbers', () => {
  const columns = toColumns([bucket(0, { 'bookstore-v10': 1, 'bookstore-v2': 1 })], {
    from: 0,
    columns: 1,
    columnMs: 1000
  })
  expect(versionsIn(columns)).toEqual(['bookstore-v2', 'bookstore-v10'])
})
