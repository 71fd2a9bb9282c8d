import { expect, test } from 'vitest'
import type { CollectedSpan } from './collector.ts'
import { proxiedPurchase, wholePurchase } from './tree.ts'

const span = (spanId: string, parentSpanId: string, service: string, name: string): CollectedSpan => ({
  from: 'app',
  traceId: 't',
  spanId,
  parentSpanId,
  name,
  service
})

const PURCHASE = span('1', '', 'bookbuyer', 'purchase')
const CLIENT = span('2', '1', 'bookbuyer', 'GET')
const SALE = span('3', '2', 'bookstore-v1', 'GET /buy-a-book/new')
const PROXY: CollectedSpan = { ...span('4', '2', 'bookstore.bookstore', 'outbound'), from: 'proxy' }
const RESTOCK = span('5', '3', 'bookwarehouse', 'POST /restock-books')

test('the way of a purchase is told from its first span on', () => {
  expect(wholePurchase([RESTOCK, SALE, CLIENT, PURCHASE])).toEqual([
    'bookbuyer: purchase',
    'bookbuyer: GET',
    'bookstore-v1: GET /buy-a-book/new',
    'bookwarehouse: POST /restock-books'
  ])
  expect(wholePurchase([RESTOCK, CLIENT, PURCHASE]), 'a span between is not there').toBeUndefined()
  expect(wholePurchase([{ ...RESTOCK, traceId: 'u' }, SALE, CLIENT, PURCHASE]), 'another trace').toBeUndefined()
})

test('a proxy counts only when it stands between the buyer and the store', () => {
  expect(proxiedPurchase([PURCHASE, CLIENT, SALE, PROXY])).toBeUndefined()
  expect(proxiedPurchase([PURCHASE, CLIENT, PROXY, { ...SALE, parentSpanId: '4' }])).toContain(
    'bookstore.bookstore (proxy): outbound'
  )
})

test('a way in a circle ends', () => {
  expect(
    wholePurchase([
      { ...RESTOCK, parentSpanId: '2' },
      { ...CLIENT, parentSpanId: '5' }
    ])
  ).toBeUndefined()
})
