import { expect, test } from 'vitest'
import { reconcile } from './ledger.ts'

test('says that everything is accounted for when it is', () => {
  const sums = { boughtHere: 10, sold: 10, restocked: 10, outbox: 0 }
  expect(reconcile(sums, 10)).toEqual([
    'Every book that was sold came to this shopper: 10.',
    'Every sold book was restocked: 10.',
    'The warehouse has them all: 10, equal.'
  ])
})

test('counts books on their way as accounted for, and waits for a total that was not told', () => {
  const sums = { boughtHere: 10, sold: 12, restocked: 9, outbox: 3 }
  expect(reconcile(sums, null)).toEqual([
    '2 books more sold than this shopper got: to other customers, or before this count began.',
    'Every sold book is restocked or on its way: 9 + 3 = 12.',
    'The warehouse’s total was not told yet.'
  ])
})

test('names what is missing, at every step', () => {
  const sums = { boughtHere: 11, sold: 10, restocked: 7, outbox: 1 }
  expect(reconcile(sums, 5)).toEqual([
    '1 book came here that no store knows of: a store has lost its count, or was replaced.',
    '2 sold books neither restocked nor on the way: 10 sold, 7 restocked, 1 on their way.',
    'The warehouse has 2 fewer: told before the newest restocks, or lost.'
  ])
})

test('says that others restock as well when the warehouse has more', () => {
  const sums = { boughtHere: 1, sold: 1, restocked: 1, outbox: 0 }
  expect(reconcile(sums, 8)[2]).toBe(
    'The warehouse has 7 more: restocked by stores that were not met here, or since their last answer.'
  )
})
