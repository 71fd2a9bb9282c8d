import { setTimeout as sleep } from 'node:timers/promises'
import type { AttemptRecord } from '@bookstore/contract'
import { errorsInARow } from '@bookstore/policy'
import { judgeEjection } from '@bookstore/verdict'
import { type Bench, type Proof, podsBehind, refuseIfInterfered, widthWithin } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'
import { placeOf } from '../places.ts'

const CONCURRENCY = 8
/** Purchases after those that the ejection may take. */
const AFTERWARDS = 400
const LONGEST_REST_MS = 30_000

/** One pod of several fails always; after some errors in a row it must get nothing. */
export async function proveEjection(bench: Bench): Promise<Proof> {
  const { declared, stores, buyer, signal } = bench
  const shared = await Promise.all(
    declared.ejections.map(async one => ({ ...one, pods: await podsBehind(bench, one) }))
  )
  const chosen = shared.find(({ pods }) => pods >= 2)
  if (chosen === undefined) {
    throw new CannotSee('no backend has two pods: whoever fails is all there is', 'run two pods of a store')
  }
  const { pods, baseEjectionMs, consecutive5xx, workloads } = chosen
  const concurrency = widthWithin(declared, CONCURRENCY)
  const errors = errorsInARow(chosen)
  // 500 is no gateway error, and Istio by itself tries 503 again at another pod
  const status = consecutive5xx > 0 ? 500 : 502
  await stores.atOne({ abort: { status, percent: 100 } }, await placeOf(bench, workloads))
  const all = await buyer.buy({ purchases: errors * pods * 10 + concurrency + AFTERWARDS, concurrency })
  refuseIfInterfered(all)
  await stores.clear()
  const attempts = within(all, baseEjectionMs)
  const proof = judgeEjection({ errorsInARow: errors, pods, concurrency, attempts })
  // until the pod is back, nothing else can be judged fairly
  if (proof.status !== 'fail') await sleep(Math.min(baseEjectionMs, LONGEST_REST_MS), undefined, { signal })
  return proof
}

/** Those before the pod may come back. */
function within(attempts: readonly AttemptRecord[], ejectionMs: number): readonly AttemptRecord[] {
  const first = Math.min(...attempts.filter(({ outcome }) => outcome === 'failed').map(({ at }) => at))
  return attempts.filter(({ at }) => !(at > first + ejectionMs))
}
