import type { HttpClient, HttpRequest } from '@bookstore/common'
import { expect, test } from 'vitest'
import type { Attempt } from './attempt.ts'
import { createStoreVisits } from './store-visits.ts'

function setUp(egressUrls: readonly string[] = []) {
  const asked: HttpRequest[] = []
  const done: string[] = []
  const purchases: Attempt[] = []
  const client: HttpClient = {
    async request(request) {
      asked.push(request)
      done.push('asked')
      const headers = { identity: 'bookstore-v2' }
      return { status: 200, headers, body: '', elapsedMs: 1, connectionsSince: 0 }
    },
    renewConnections: () => void done.push('renewed'),
    close: async () => undefined
  }
  const visits = createStoreVisits({
    client,
    store: { service: { namespace: 'bookstore', name: 'bookstore' }, origin: 'http://store' },
    egressUrls,
    proxy: () => 'unknown',
    beginPurchase: () => 7,
    onPurchase: attempt => purchases.push(attempt),
    signal: new AbortController().signal
  })
  return { visits, asked: () => asked.map(({ url }) => url), done, purchases }
}

test('a visit looks at the books and buys one; only the purchase counts', async () => {
  const { visits, asked, purchases } = setUp()
  const attempts = await visits.visit()
  expect(asked()).toEqual(['http://store/books-bought', 'http://store/buy-a-book/new'])
  expect(attempts.map(({ url }) => url)).toEqual(asked())
  expect(purchases).toMatchObject([
    { url: 'http://store/buy-a-book/new', outcome: { version: 'bookstore-v2' }, ticket: 7 }
  ])
})

test('a visit also reaches outside the mesh when that is wanted, and tells it', async () => {
  const { visits, asked, purchases } = setUp(['http://a.example/', 'https://b.example/'])
  const attempts = await visits.visit()
  expect(asked().slice(2)).toEqual(['http://a.example/', 'https://b.example/'])
  expect(attempts).toHaveLength(4)
  expect(purchases).toHaveLength(1)
})

test('a visit that only buys sends one request', async () => {
  const { visits, asked } = setUp(['http://a.example/'])
  await visits.buy()
  expect(asked()).toEqual(['http://store/buy-a-book/new'])
})

test('who only reaches outside does it on fresh connections', async () => {
  const { visits, asked, done, purchases } = setUp(['http://a.example/'])
  await visits.leave()
  expect(asked()).toEqual(['http://a.example/'])
  expect(done).toEqual(['renewed', 'asked'])
  expect(purchases).toEqual([])
})
