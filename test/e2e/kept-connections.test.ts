import type { Snapshot } from '@bookstore/contract'
import { startApp, waitFor } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { json } from './json.ts'
import { startTcpBalancer } from './tcp-balancer.ts'

const REQUESTS_PER_CONNECTION = 5

interface Buying {
  /** The version of the next connection. */
  readonly choose: () => string
  readonly declared: string
  readonly tolerance: string
  readonly until: (now: Snapshot) => boolean
}

/** Buys through a balancer of connections; gives the last look, and what was ever said of both versions. */
async function buyThrough({ choose, declared, tolerance, until }: Buying) {
  await using balancer = await startTcpBalancer({
    versions: ['v1', 'v2'],
    requestsPerConnection: REQUESTS_PER_CONNECTION,
    choose
  })
  await using buyer = await startApp({
    main: 'apps/bookbuyer/src/main.ts',
    env: {
      BOOKSTORE_URL: balancer.url,
      EXPECTED_SPLIT: declared,
      VERDICT_TOLERANCE: tolerance,
      CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0'
    }
  })
  const said = new Set<string>()
  const seen = async () => {
    const now = await json<Snapshot>(`${buyer.url}/api/snapshot`)
    // what one version alone gives is told as it is
    if (now.verdict.versions.every(({ count }) => count > 0)) said.add(now.verdict.status)
    if (!now.burst?.running) {
      await fetch(`${buyer.url}/api/burst`, { method: 'POST', body: '{"purchases":2000,"concurrency":8}' })
    }
    return until(now) && now
  }
  const now = await waitFor(seen, { what: 'a verdict by connection' })
  const opened = Object.values(balancer.connections).reduce((sum, count) => sum + count, 0)
  expect(opened).toBeGreaterThanOrEqual(now.verdict.purchases)
  // the balancer gave the same shares all the time
  expect(now.verdict.causes.map(({ code }) => code)).not.toContain('changed')
  return { ...now, said }
}

const isByConnection = ({ verdict }: Snapshot) =>
  verdict.status !== 'pending' && verdict.causes.some(({ code }) => code === 'dependent')

/** Gives v1 to that share of the connections, spread evenly over all of them. */
function choosing(share: number): () => string {
  let opened = 0
  return () => ((opened++ * 2_654_435_761) % 2 ** 32 < share * 2 ** 32 ? 'v1' : 'v2')
}

test('a balancer of connections that splits them rightly passes, judged by connection, and never fails', async () => {
  const right = { choose: choosing(0.5), declared: 'v1=50,v2=50', tolerance: '20' }
  const { verdict, counts, said } = await buyThrough({ ...right, until: isByConnection })
  expect(verdict.reason).toMatch(
    /^judged by the first purchase on each of [\d,]+ connections, because a connection keeps to one version: matches 50\/50/
  )
  expect(verdict.status).toBe('pass')
  expect(said).not.toContain('fail')
  expect(counts.bought).toBeGreaterThan(2 * verdict.purchases)
})

test('one that splits them wrongly fails, judged by connection', async () => {
  const wrong = { choose: choosing(0.8), declared: 'v1=50,v2=50', tolerance: '20' }
  const { verdict, said } = await buyThrough({ ...wrong, until: isByConnection })
  expect(verdict.status).toBe('fail')
  expect(said).not.toContain('pass')
  expect(verdict.reason).toMatch(/connections, because a connection keeps to one version: (not|no longer) 50\/50/)
})

test('99/1 that is 93/7 by connection is never passed', async () => {
  const hasManyConnections = ({ counts }: Snapshot) => counts.bought >= 1_500
  const wrong = { choose: choosing(0.93), declared: 'v1=99,v2=1', tolerance: '5' }
  const { verdict, said } = await buyThrough({ ...wrong, until: hasManyConnections })
  expect(said).not.toContain('pass')
  expect(verdict.causes.map(({ code }) => code)).toContain('dependent')
  expect(verdict.reason).toMatch(/^judged by the first purchase on each of [\d,]+ connections/)
})
