import type { Snapshot } from '@bookstore/contract'
import { startBookstore, waitFor } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { json } from './json.ts'

interface Ledger {
  readonly sold: number
  readonly restocked: number
  readonly outbox: number
}

test('a buyer buys from v1 and v2, and the warehouse restocks exactly what was sold', async () => {
  await using shop = await startBookstore({
    env: () => ({ CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.01' })
  })
  const { buyer, thief, v1, v2, warehouse } = shop
  await waitFor(async () => {
    const raw = await json<Record<string, number>>(`${buyer.url}/raw`)
    return (raw['booksBoughtV1'] ?? 0) > 20 && (raw['booksBoughtV2'] ?? 0) > 20
  })

  const shoppers = [buyer, thief]
  for (const shopper of shoppers) shopper.signal('SIGSTOP')
  const ledgers = await waitFor(async () => {
    const both = await Promise.all([v1, v2].map(({ url }) => json<Ledger>(`${url}/api/ledger`)))
    return both.every(({ outbox }) => outbox === 0) && both
  })
  for (const shopper of shoppers) shopper.signal('SIGCONT')

  const sold = ledgers.reduce((sum, ledger) => sum + ledger.sold, 0)
  const restocked = ledgers.reduce((sum, ledger) => sum + ledger.restocked, 0)
  expect(restocked).toBe(sold)
  for (const shopper of shoppers) expect((await shopper.stop('SIGTERM')).code).toBe(0)
  // what was sold after SIGCONT is on its way; the totals meet again once the outboxes are empty
  await waitFor(async () => {
    const both = await Promise.all([v1, v2].map(({ url }) => json<Ledger>(`${url}/api/ledger`)))
    const { totalBooks } = await json<{ totalBooks: number }>(`${warehouse.url}/raw`)
    return totalBooks === both.reduce((sum, ledger) => sum + ledger.sold, 0)
  })
  for (const app of [v1, v2, warehouse]) expect((await app.stop('SIGTERM')).code).toBe(0)
})

test('what the buyer counts is what the stores sold it', async () => {
  await using shop = await startBookstore({
    env: name => ({ CI_SLEEP_BETWEEN_REQUESTS_SECONDS: name === 'bookthief' ? '3600' : '0.01' })
  })
  const { buyer, v1, v2 } = shop
  await fetch(`${buyer.url}/api/burst`, {
    method: 'POST',
    body: JSON.stringify({ purchases: 500, concurrency: 32 })
  })
  const snapshot = await waitFor(async () => {
    const now = await json<Snapshot>(`${buyer.url}/api/snapshot`)
    return now.burst?.running === false && now.burst.done === 500 && now
  })
  expect(snapshot.counts).toMatchObject({ denied: 0, failed: 0 })
  for (const store of snapshot.ledger.stores) {
    const source = store.version === 'bookstore-v1' ? v1 : v2
    const { instance } = await json<{ instance: string }>(`${source.url}/api/ledger`)
    expect(store.instance).toBe(instance)
    // the thief's one visit at the start may be among the sold
    expect(store.sold - store.boughtHere).toBeGreaterThanOrEqual(0)
    expect(store.sold - store.boughtHere).toBeLessThanOrEqual(1)
  }
})
