import type { AttemptRecord } from '@bookstore/contract'
import { expect, test } from 'vitest'
import type { Bench } from '../bench.ts'
import { proveWithdrawal } from './discovery.ts'

const TIMES = { unreadyMs: 1_000, leaveWithinMs: 600, backWithinMs: 3_000 }

/** A shop of two pods behind one Service; `sells` says whether the second one sells so many ms after it left. */
function bench(sells: (sinceMs: number) => boolean): Bench {
  let leftAt = Number.POSITIVE_INFINITY
  const sale = (instance: string, at: number): AttemptRecord => {
    return { at, ms: 1, status: 200, outcome: 'bought', version: 'bookstore-v1', instance, isOverload: false }
  }
  const buy = async () => {
    const since = performance.now() - leftAt
    return Array.from({ length: 20 }, (_, at) => sale(at % 2 === 0 && sells(since) ? 'two' : 'one', 0))
  }
  const workload = { name: 'bookstore-v1', namespace: 'bookstore', serviceAccount: 'a', labels: {}, addresses: [] }
  return {
    declared: {
      balance: [{ backend: 'bookstore-v1', workloads: ['bookstore-v1'], pods: 0, source: '' }],
      breakers: []
    },
    outlook: { topology: { workloads: [workload], services: [] } },
    places: [{ url: 'http://bookstore-v1', isOnePod: false }],
    look: async () => [sale('one', 0), sale('two', 0)],
    buyer: { buy },
    stores: {
      versionOf: async () => 'bookstore-v1',
      async withdraw() {
        leftAt = performance.now()
        return 'two'
      }
    },
    signal: new AbortController().signal
    // only what a withdrawal asks
  } as unknown as Bench
}

test('a pod that soon gets nothing and comes back is found', async () => {
  const proof = await proveWithdrawal(
    bench(since => since < 200 || since > 1_100),
    TIMES
  )
  expect(proof.status, proof.seen).toBe('pass')
})

test('a pod that goes on selling while it is not ready is not taken out', async () => {
  expect(
    (
      await proveWithdrawal(
        bench(() => true),
        TIMES
      )
    ).reason
  ).toBe('it still got purchases after 600 ms')
})

test('a pod that is never found again', async () => {
  const times = { ...TIMES, backWithinMs: 500 }
  const proof = await proveWithdrawal(
    bench(since => since < 200),
    times
  )
  expect(proof).toMatchObject({ status: 'fail', reason: 'it got nothing for 500 ms after it was ready again' })
})
