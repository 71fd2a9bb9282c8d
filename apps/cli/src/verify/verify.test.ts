import type { Snapshot } from '@bookstore/contract'
import { judgeAccess, judgeCounts } from '@bookstore/verdict'
import { describe, expect, test } from 'vitest'
import type { ApiClient } from '../api/api-client.ts'
import type { RequestedChecks } from './terms.ts'
import { verify } from './verify.ts'

const declared = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }

/** A shopper that has bought everything of a burst at once, with the shares of v1 that are given, burst by burst. */
function shopper(shares: readonly number[], access: 'allowed' | 'denied' = 'allowed', health = 'ok') {
  const bursts: number[] = []
  const byVersion = { 'bookstore-v1': 0, 'bookstore-v2': 0 }
  let denied = 0
  const snapshot = () => {
    const bought = byVersion['bookstore-v1'] + byVersion['bookstore-v2']
    return {
      counts: { bought, denied, failed: 0, byVersion: { ...byVersion } },
      verdict: judgeCounts({ declared, counts: {} }),
      access: { ...judgeAccess({ asExpected: 0, otherwise: 0, unclear: 0 }, { expected: access }), expected: access },
      declared: { split: declared, source: { kind: 'local-mesh', detail: 'TrafficSplit bookstore/bookstore-split' } },
      health: { status: health, reason: 'v2 has not answered for 12 s' },
      window: { id: 1, settling: false },
      policies: { denial: null, problems: [] },
      pace: { concurrency: 1 },
      burst: null,
      lastOutcome: null
    } as unknown as Snapshot
  }
  const api = {
    snapshot: async () => snapshot(),
    burst: async (_url: string, { purchases }: { purchases: number }) => {
      const share = shares[bursts.push(purchases) - 1]
      if (share === undefined) denied += purchases
      else {
        byVersion['bookstore-v1'] += Math.round(purchases * share)
        byVersion['bookstore-v2'] += purchases - Math.round(purchases * share)
      }
      return true
    }
  } as unknown as ApiClient
  return { api, bursts }
}

function run(api: ApiClient, timeoutMs = 20_000, asked: Partial<RequestedChecks> = { expect: declared }) {
  return verify({
    url: 'http://shop',
    requested: {
      expect: undefined,
      expectAccess: undefined,
      alpha: undefined,
      tolerance: undefined,
      burst: 1500,
      ...asked
    },
    timeoutMs,
    api,
    signal: new AbortController().signal,
    progress: () => {},
    lookEveryMs: 1
  })
}

describe('verify --burst', () => {
  test('buys what is still missing after the burst, and passes', async () => {
    const { api, bursts } = shopper([0.48, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
    expect(await run(api)).toMatchObject({ status: 'pass' })
    expect(bursts.length).toBeGreaterThan(1)
    expect(Math.max(...bursts)).toBe(1500)
  })

  test('buys once when that settles it', async () => {
    const { api, bursts } = shopper([0.9])
    expect(await run(api)).toMatchObject({ status: 'fail' })
    expect(bursts).toEqual([1500])
  })

  test('tells who expects another split than the policies declare just that', async () => {
    const expect90 = { expect: { 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 } }
    const { checks } = await run(shopper([0.5]).api, 20_000, expect90)
    expect(checks[0]).toMatchObject({
      status: 'fail',
      verdict: {
        causes: [
          { text: 'you expect 90/10; TrafficSplit bookstore/bookstore-split says 50/50, and the mesh does 50/50' }
        ]
      }
    })
    const [check] = (await run(shopper([0.7]).api, 20_000, expect90)).checks
    expect(JSON.stringify(check)).not.toContain('you expect')
  })

  test('does not go on where everything is denied', async () => {
    const { api, bursts } = shopper([])
    expect(await run(api, 50)).toMatchObject({ status: 'pending' })
    expect(bursts).toEqual([1500])
  })
})

test('a shop that is broken now does not pass, whatever was judged', async () => {
  const { api } = shopper([0.5], 'allowed', 'degraded')
  const { status, checks } = await run(api, 50)
  expect(status).toBe('pending')
  expect(checks.at(-1)).toMatchObject({ name: 'health now', reason: 'v2 has not answered for 12 s' })
})

test('what was sent before a change and answered while it settles is not judged', async () => {
  const none = { 'bookstore-v1': 0, 'bookstore-v2': 1 }
  const { api } = shopper([0, 0, 0])
  let looks = 0
  let late = 0
  const settling: ApiClient = {
    ...api,
    async snapshot(url) {
      const snapshot = await api.snapshot(url)
      // one look into the settling time, then 15 answers of v1 that were on their way, and its end
      const isSettling = looks++ < 2
      if (looks === 3) late = 15
      const { byVersion } = snapshot.counts
      const counts = {
        ...snapshot.counts,
        byVersion: { ...byVersion, 'bookstore-v1': (byVersion['bookstore-v1'] ?? 0) + late }
      }
      return { ...snapshot, counts, window: { ...snapshot.window, settling: isSettling } }
    }
  }
  const { status, checks } = await run(settling, 20_000, { expect: none })
  expect(status, checks[0]?.reason).toBe('pass')
})

describe('verify without --expect', () => {
  test('a declared denial is a pass, and the split of nothing is not judged', async () => {
    const { status, checks } = await run(shopper([], 'denied').api, 20_000, {})
    expect(status).toBe('pass')
    expect(checks.map(({ name }) => name)).toEqual(['access denied'])
  })

  test('a purchase where a denial is declared fails', async () => {
    const { status, checks } = await run(shopper([0.5], 'denied').api, 20_000, {})
    expect(status).toBe('fail')
    expect(checks[0]?.reason).toContain('expected to be denied')
  })

  test('denials where access is declared fail beside the split', async () => {
    const { status, checks } = await run(shopper([]).api, 20_000, {})
    expect(status).toBe('fail')
    expect(checks.map(({ name }) => name)).toEqual(['split 50/50', 'access allowed'])
  })
})
