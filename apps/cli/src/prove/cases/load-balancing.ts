import type { AttemptRecord } from '@bookstore/contract'
import { judgeBalance } from '@bookstore/verdict'
import { type Bench, type Proof, podsBehind, refuseIfInterfered, together, untilJudged, widthWithin } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'

interface Shared {
  readonly pods: number
  readonly versions: readonly string[]
}

/** Purchases are counted by the pod that sold; nothing is broken for it. */
export function proveBalance(bench: Bench): Promise<Proof> {
  return overBackends(bench, 2, (shared, attempts) => judgeBalance({ ...shared, attempts }))
}

/**
 * Judges each backend with that many pods by the same purchases, until all are judged.
 * @throws CannotSee when none has so many
 */
export async function overBackends(
  bench: Bench,
  leastPods: number,
  judge: (shared: Shared, attempts: readonly AttemptRecord[]) => Proof
): Promise<Proof> {
  const { declared, look } = bench
  const backends = await Promise.all(
    declared.balance.map(async ({ workloads }) => ({
      versions: workloads,
      pods: await podsBehind(bench, { workloads })
    }))
  )
  const shared = backends.filter(({ pods }) => pods >= leastPods)
  if (shared.length === 0) {
    throw new CannotSee('no backend has two pods: there is nothing to share', 'run two pods of a store')
  }
  const trial = { batch: 500, most: 4_000, concurrency: widthWithin(declared, 8), first: await look() }
  return untilJudged(bench, trial, attempts => {
    refuseIfInterfered(attempts)
    return together(shared.map(one => judge(one, attempts)))
  })
}
