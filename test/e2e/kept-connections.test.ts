import type { Snapshot } from '@bookstore/contract'
import { startApp, waitFor } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { json } from './json.ts'
import { startTcpBalancer } from './tcp-balancer.ts'

const REQUESTS_PER_CONNECTION = 5

/** Buys through a balancer of connections until the buyer has bought `purchases` or says pass or fail. */
async function buyThrough(choose: () => string, until: (now: Snapshot) => boolean): Promise<Snapshot> {
  await using balancer = await startTcpBalancer({
    versions: ['v1', 'v2'],
    requestsPerConnection: REQUESTS_PER_CONNECTION,
    choose
  })
  await using buyer = await startApp({
    main: 'apps/bookbuyer/src/main.ts',
    env: {
      BOOKSTORE_URL: balancer.url,
      EXPECTED_SPLIT: 'v1=50,v2=50',
      VERDICT_TOLERANCE: '20',
      CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0'
    }
  })
  const seen = async () => {
    const now = await json<Snapshot>(`${buyer.url}/api/snapshot`)
    if (!now.burst?.running) {
      await fetch(`${buyer.url}/api/burst`, { method: 'POST', body: '{"purchases":2000,"concurrency":8}' })
    }
    return until(now) && now
  }
  const now = await waitFor(seen, { what: 'a verdict by connection' })
  const opened = Object.values(balancer.connections).reduce((sum, count) => sum + count, 0)
  expect(opened).toBeGreaterThanOrEqual(now.verdict.purchases)
  return now
}

const isByConnection = ({ verdict }: Snapshot) =>
  verdict.status !== 'pending' && verdict.causes.some(({ code }) => code === 'dependent')

test('a balancer of connections that splits them rightly passes, judged by connection', async () => {
  let opened = 0
  // as even as chance: every pair of connections gets one of each, in an order that changes
  const choose = () => ((opened++ * 2_654_435_761) % 4_294_967_296 < 2_147_483_648 ? 'v1' : 'v2')
  const { verdict, counts } = await buyThrough(choose, isByConnection)
  expect(verdict.reason).toMatch(
    /^judged by the first purchase on each of [\d,]+ connections, because a connection keeps to one version: matches 50\/50/
  )
  expect(verdict.status).toBe('pass')
  expect(counts.bought).toBeGreaterThan(2 * verdict.purchases)
})

test('one that splits them wrongly fails, judged by connection', async () => {
  let opened = 0
  const choose = () => (opened++ % 10 < 8 ? 'v1' : 'v2')
  const { verdict } = await buyThrough(choose, isByConnection)
  expect(verdict.status).toBe('fail')
  expect(verdict.reason).toMatch(/connections, because a connection keeps to one version: (not|no longer) 50\/50/)
})
