import { describe, expect, test } from 'vitest'
import { type Books, reconcileBooks } from './books.ts'

const store = {
  instance: 'i1',
  identity: 'bookstore-v1',
  sold: 10,
  restocked: 10,
  outbox: 0,
  dropped: 0
}
const balanced: Books = {
  shoppers: [
    { app: 'bookbuyer', boughtFrom: { i1: 8 } },
    { app: 'bookthief', boughtFrom: { i1: 2 } }
  ],
  stores: [store],
  warehouseTotal: 10,
  isQuiet: true,
  moved: 0
}

describe('reconciliation', () => {
  test('is balanced when every book was bought, sold and restocked once', () => {
    expect(reconcileBooks(balanced)).toEqual({
      isBalanced: true,
      isUndecided: false,
      bought: 10,
      sold: 10,
      restocked: 10,
      outbox: 0,
      warehouseTotal: 10,
      differences: []
    })
  })

  test.each([
    [
      'a sale without a purchase',
      { stores: [{ ...store, sold: 11, restocked: 11 }], warehouseTotal: 11 },
      /bookstore-v1 sold 1 more .*retries/
    ],
    ['a purchase without a sale', { shoppers: [{ app: 'bookbuyer', boughtFrom: { i1: 13 } }] }, /sold 3 fewer/],
    [
      'a restock that waits',
      { stores: [{ ...store, restocked: 8, outbox: 2, problem: 'HTTP 403' }], warehouseTotal: 8 },
      /2 still in its outbox: HTTP 403/
    ],
    [
      'a restock that was refused',
      { stores: [{ ...store, restocked: 9, dropped: 1 }], warehouseTotal: 9 },
      /refused 1 of bookstore-v1/
    ],
    ['a warehouse that lost some', { warehouseTotal: 7 }, /3 fewer than it acknowledged/],
    ['a warehouse with more', { warehouseTotal: 15 }, /5 more than these stores know of/],
    ['a busy moment', { isQuiet: false }, /in flight/]
  ])('is not balanced with %s, and says by how much', (_, change, words) => {
    const { isBalanced, differences } = reconcileBooks({ ...balanced, ...change })
    expect(isBalanced).toBe(false)
    expect(differences).toHaveLength(1)
    expect(differences[0]).toMatch(words)
  })

  test.each([
    ['what can have been in flight', { isQuiet: false, moved: 40 }, 100, true],
    ['more than that', { isQuiet: false, moved: 30 }, 100, false],
    ['something at a quiet moment', { isQuiet: true, moved: 40 }, 1, false]
  ])('is undecided in a busy shop only: %s', (_, change, missing, isUndecided) => {
    const shoppers = [{ app: 'bookbuyer', boughtFrom: { i1: 10 + missing } }]
    expect(reconcileBooks({ ...balanced, ...change, shoppers })).toMatchObject({ isBalanced: false, isUndecided })
  })

  test('is decided when the warehouse refused a book for good', () => {
    const stores = [{ ...store, restocked: 9, dropped: 1 }]
    expect(reconcileBooks({ ...balanced, isQuiet: false, stores }).isUndecided).toBe(false)
  })

  test('names purchases from stores that were not asked, which the warehouse knows of', () => {
    const shoppers = [...balanced.shoppers, { app: 'other', boughtFrom: { restarted: 4 } }]
    const { differences } = reconcileBooks({ ...balanced, shoppers, warehouseTotal: 14 })
    expect(differences).toEqual([expect.stringContaining('4 were bought from stores that are not asked')])
  })
})
