import { expect, test } from 'vitest'
import { booksHeaders, readBooksHeaders, readWarehouseTotal } from './books.ts'

const books = {
  instance: 'a',
  sold: 7,
  restocked: 4,
  outbox: 2,
  dropped: 1,
  warehouseTotal: 40
}

test('what a store writes of its books is what a buyer reads', () => {
  expect(readBooksHeaders(booksHeaders(books))).toEqual(books)
  const unknown = { ...books, warehouseTotal: null }
  expect(readBooksHeaders(booksHeaders(unknown))).toEqual(unknown)
})

test('a store that says nothing of itself has no books, and nonsense is no number', () => {
  expect(readBooksHeaders({ identity: 'bookstore-v1' })).toBeUndefined()
  expect(readBooksHeaders({ ...booksHeaders(books), 'bookstore-sold': '-1e9' })?.sold).toBe(0)
  expect(readWarehouseTotal({ 'bookwarehouse-total': '99999999999999999' })).toBeUndefined()
})
