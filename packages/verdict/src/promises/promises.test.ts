import type { AttemptRecord } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../bench/seeded-random.ts'
import { judgeBreaker } from './circuit-breaking.ts'
import { judgeDiscovery, judgeWithdrawal } from './discovery.ts'
import { judgeEgress } from './egress.ts'
import { judgeEjection } from './ejection.ts'
import { judgeBalance } from './load-balancing.ts'
import { judgeMutualTls } from './mutual-tls.ts'
import { judgeRateLimit } from './rate-limit.ts'
import { judgeRetries } from './retries.ts'
import { judgeTimeout } from './timeouts.ts'

const sold: AttemptRecord = {
  at: 0,
  ms: 5,
  status: 200,
  outcome: 'bought',
  version: 'bookstore-v1',
  instance: 'a',
  isOverload: false
}
const failed: AttemptRecord = { ...sold, status: 503, outcome: 'failed' }
const times = (count: number, of: (at: number) => AttemptRecord) => Array.from({ length: count }, (_, at) => of(at))

describe('retries', () => {
  /** Purchases with `retries` against stores of which each try fails with probability p. */
  const shopping = (retries: number, p: number, total: number, seed: number) => {
    const random = seededRandom(seed)
    return times(total, () => (Array.from({ length: retries + 1 }).every(() => random() < p) ? failed : sold))
  }
  const judged = (actual: number, seed: number, total = 3_000) =>
    judgeRetries({ retries: 3, faultShare: 0.5, attempts: shopping(actual, 0.5, total, seed), requestsSeen: null })

  test('as declared pass, any other number fails, and a few purchases tell neither', () => {
    expect(judged(3, 1).status).toBe('pass')
    expect([0, 1, 2, 4].map(actual => judged(actual, 1).status)).toEqual(['fail', 'fail', 'fail', 'fail'])
    expect(judged(3, 1, 20).status).toBe('pending')
  })

  test('that are as declared fail in at most alpha of the runs, and no other number passes', () => {
    const of = (actual: number) => Array.from({ length: 300 }, (_, seed) => judged(actual, seed + 10, 1_000).status)
    expect(of(3).filter(status => status === 'fail').length).toBeLessThanOrEqual(3)
    expect(of(2).filter(status => status === 'pass').length).toBeLessThanOrEqual(3)
  })

  test('tell what stores saw of a purchase', () => {
    const attempts = times(10, () => sold)
    expect(judgeRetries({ retries: 1, faultShare: 0.5, attempts, requestsSeen: 15 }).seen).toContain(
      'stores saw 1.50 requests a purchase (1.50 expected)'
    )
  })
})

describe('a timeout', () => {
  const cut = { ...failed, status: 504, ms: 510 }
  const judged = (attempts: readonly AttemptRecord[]) => judgeTimeout({ longestMs: 500, slackMs: 250, attempts })

  test('passes when late stores are cut off, fails when they are waited for', () => {
    expect(judged(times(400, at => (at % 3 === 0 ? cut : sold))).status).toBe('pass')
    expect(judged(times(400, at => (at % 3 === 0 ? { ...sold, ms: 1_500 } : sold))).status).toBe('fail')
  })

  test('is not judged when no store was late, nor by a few', () => {
    expect(judged(times(400, () => sold)).status).toBe('pending')
    expect(judged(times(20, () => cut)).status).toBe('pending')
  })
})

describe('a rate limit', () => {
  const refused = { ...failed, status: 429, instance: '' }
  const judged = (attempts: readonly AttemptRecord[], isFull = true) =>
    judgeRateLimit({ perFill: 20, fillMs: 1_000, most: 30, status: 429, isFull, attempts })
  const within = (accepted: number, refusals: number, ms = 500) => [
    ...times(accepted, at => ({ ...sold, at: (at * ms) / Math.max(accepted, 1) })),
    ...times(refusals, at => ({ ...refused, at: (at * ms) / Math.max(refusals, 1) }))
  ]

  test('passes at what the bucket lets through', () => expect(judged(within(30, 100)).status).toBe('pass'))
  test('fails above it', () => expect(judged(within(51, 100)).status).toBe('fail'))
  test('fails far below it, if the buckets were full', () => {
    expect(judged(within(14, 100)).status).toBe('fail')
    const verdict = judged(within(14, 100), false)
    expect(verdict.status).toBe('pass')
    expect(verdict.reason).toContain('whether far less is let through is not known')
  })
  test('fails when nothing is accepted, if the buckets were full', () => {
    expect(judged(within(0, 100)).status).toBe('fail')
    expect(judged(within(0, 100), false).status).toBe('pending')
  })
  test('is not judged when nobody asked for more', () => expect(judged(within(30, 0)).status).toBe('pending'))
  test('counts each pod by itself', () => {
    const both = times(60, at => ({ ...sold, instance: at % 2 === 0 ? 'a' : 'b' }))
    expect(judged([...both, refused]).status).toBe('pass')
  })
})

describe('a circuit breaker', () => {
  const overflow = { ...failed, isOverload: true }
  const judged = (overflows: number, mostInFlight: readonly number[], asked = 32) =>
    judgeBreaker({ inFlight: 4, asked, mostInFlight, attempts: times(100, at => (at < overflows ? overflow : sold)) })

  test('passes with overflow answers and no more than allowed at a store', () => {
    expect(judged(60, [4, 3]).status).toBe('pass')
    expect(judged(60, []).status).toBe('pass')
  })
  test('fails when a store saw more, or nobody was told of overflow', () => {
    expect(judged(60, [20, 3]).status).toBe('fail')
    expect(judged(0, [4]).status).toBe('fail')
  })
  test('is not judged when no more were asked for than allowed', () => expect(judged(0, [4], 4).status).toBe('pending'))
})

describe('ejection', () => {
  const judged = (attempts: readonly AttemptRecord[]) =>
    judgeEjection({ errorsInARow: 5, pods: 2, concurrency: 4, attempts })
  const at = (index: number, record: AttemptRecord) => ({ ...record, at: index })

  test('passes when the pod that fails soon gets nothing', () => {
    const verdict = judged(times(500, index => at(index, index < 10 && index % 2 === 0 ? failed : sold)))
    expect(verdict.status).toBe('pass')
    expect(verdict.seen).toContain('0.0 % of the 396 after them')
  })
  test('fails when it goes on getting its share', () => {
    expect(judged(times(500, index => at(index, index % 2 === 0 ? failed : sold))).status).toBe('fail')
  })
  test('is not judged when it was hardly asked', () => {
    expect(judged(times(500, index => at(index, sold))).status).toBe('pending')
  })
})

describe('load balancing', () => {
  const judged = (first: number, second: number, pods = 2) =>
    judgeBalance({
      pods,
      versions: ['bookstore-v1'],
      attempts: [...times(first, () => sold), ...times(second, () => ({ ...sold, instance: 'b' }))]
    })
  test('passes when each pod gets the same', () => expect(judged(510, 490).status).toBe('pass'))
  test('fails when one gets much more', () => expect(judged(800, 200).status).toBe('fail'))
  test('fails when a pod gets nothing', () => expect(judged(500, 500, 3).status).toBe('fail'))
  test('is not judged by a few purchases, nor when pods were replaced', () => {
    expect(judged(5, 5).status).toBe('pending')
    expect(judged(500, 500, 1).status).toBe('pending')
  })
})

describe('egress', () => {
  const url = 'http://outside/'
  const judged = (isAllowed: boolean, status: number, error = '', isFromProxy = false) =>
    judgeEgress([{ url, status, error, isFromProxy, isAllowed }])
  test('passes when what is allowed is reached and the rest refused', () => {
    expect(judged(true, 200).status).toBe('pass')
    expect(judged(false, 0, 'UND_ERR_SOCKET').status).toBe('pass')
    expect(judged(false, 502, '', true).status).toBe('pass')
    expect(judged(false, 404, '', true).status).toBe('pass')
  })
  test('fails when it is the other way round', () => {
    expect(judged(true, 0, 'UND_ERR_SOCKET').status).toBe('fail')
    expect(judged(false, 200).status).toBe('fail')
    expect(judged(false, 404).status).toBe('fail')
    expect(judged(true, 404, '', true).status).toBe('fail')
  })
  test('is not judged by a name that does not resolve', () => {
    expect(judged(false, 0, 'ENOTFOUND').status).toBe('pending')
    expect(judgeEgress([]).status).toBe('pending')
  })
})

describe('discovery', () => {
  const judged = (first: number, second: number, pods = 2) =>
    judgeDiscovery({
      pods,
      versions: ['bookstore-v1'],
      attempts: [...times(first, () => sold), ...times(second, () => ({ ...sold, instance: 'b' }))]
    })
  test('passes as soon as each pod sold', () => expect(judged(1, 1).status).toBe('pass'))
  test('fails when a pod gets nothing for longer than chance allows', () => {
    // two pods: 2 * 0.5^n is below 0.01 from the eighth purchase on
    expect(judged(7, 0).status).toBe('pending')
    expect(judged(8, 0).status).toBe('fail')
    expect(judged(500, 500, 3).status).toBe('fail')
  })
  test('is not judged before anything was bought', () => expect(judged(0, 0).status).toBe('pending'))
  test('does not look at other versions', () => {
    expect(judgeDiscovery({ pods: 1, versions: ['bookstore-v2'], attempts: times(99, () => sold) }).status).not.toBe(
      'pass'
    )
  })
})

describe('a pod that is not ready for a while', () => {
  const judged = (leftAfterMs: number, backAfterMs: number | null, soldMeanwhile = 50) =>
    judgeWithdrawal({
      leftAfterMs,
      backAfterMs,
      leaveWithinMs: 20_000,
      backWithinMs: 30_000,
      pods: 2,
      soldMeanwhile,
      attempts: times(100, at => (at === 0 ? failed : sold))
    })
  test('passes when it soon gets nothing and soon gets something again', () => {
    const verdict = judged(5_500, 3_000)
    expect(verdict.status).toBe('pass')
    expect(verdict.seen).toContain('5.5 s after it was not ready, the first 3 s after it; 1 of 100 purchases failed')
  })
  test('is not judged by a time in which hardly anybody sold', () => {
    // two pods: 0.5^n is below 0.01 from the seventh sale on
    expect(judged(5_500, 3_000, 7).status).toBe('pass')
    const verdict = judged(5_500, 3_000, 6)
    expect([verdict.status, verdict.reason]).toEqual([
      'pending',
      'only 6 were sold while it was away: that it got none of them says little'
    ])
    expect(judged(25_000, 3_000, 0).status).toBe('fail')
  })
  test('fails when purchases go on, and when it is never found again', () => {
    expect(judged(25_000, 3_000).status).toBe('fail')
    expect(judged(5_000, null).status).toBe('fail')
    expect(judged(5_000, 31_000).status).toBe('fail')
  })
})

describe('mutual TLS', () => {
  const certificate = { issuer: 'O=cluster.local', trustDomain: 'cluster.local', validTo: '2026-12-01T00:00:00.000Z' }
  const judged = (plaintext: 'refused' | 'answered', issuer = certificate.issuer) =>
    judgeMutualTls({ plaintext, certificate: { ...certificate, issuer } })
  test('passes when plaintext is refused by a proxy that shows its certificate', () => {
    expect(judged('refused').status).toBe('pass')
  })
  test('fails when plaintext is answered', () => expect(judged('answered').status).toBe('fail'))
  test('is not judged where nobody shows a certificate: who is down refuses everybody', () => {
    expect(judgeMutualTls({ plaintext: 'refused', certificate: null }).status).toBe('pending')
  })
  test("tells an external authority from the mesh's own", () => {
    expect(judged('refused').seen).toContain("from Istio's own authority (O=cluster.local), trust domain cluster.local")
    expect(judged('refused', 'CN=osm-ca.openservicemesh.io').seen).toContain("OSM's own authority")
    expect(judged('refused', 'CN=Contoso Issuing CA').seen).toContain('an external authority (CN=Contoso')
  })
})
