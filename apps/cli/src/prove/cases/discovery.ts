import { setTimeout as sleep } from 'node:timers/promises'
import type { AttemptRecord } from '@bookstore/contract'
import { judgeDiscovery, judgeWithdrawal } from '@bookstore/verdict'
import { type Bench, type Proof, podsBehind, widthWithin } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'
import { placeOf } from '../places.ts'
import { overBackends } from './load-balancing.ts'

/** How long a pod is not ready: longer than probes and the mesh's word need to take it out. */
const UNREADY_MS = 30_000
const LEAVE_WITHIN_MS = 20_000
const BACK_WITHIN_MS = 30_000
/** Few enough not to be noticed, and enough that a pod of several has one in a second or two. */
const AT_ONCE = 20
const PAUSE_MS = 300

/**
 * Where the addresses of pods are known, each must be found. Behind Services, where nobody tells how many pods there
 * are, one of them says for a while that it is not ready.
 */
export function proveDiscovery(bench: Bench): Promise<Proof> {
  if (bench.places.some(({ isOnePod }) => !isOnePod)) return proveWithdrawal(bench)
  return overBackends(bench, 1, (shared, attempts) => judgeDiscovery({ ...shared, attempts }))
}

async function proveWithdrawal(bench: Bench): Promise<Proof> {
  const { declared, stores } = bench
  const backends = await Promise.all(
    declared.balance.map(async one => ({ ...one, pods: await podsBehind(bench, one) }))
  )
  const shared = backends.find(({ pods }) => pods >= 2)
  if (shared === undefined) {
    throw new CannotSee('no backend has two pods: with the one that goes, all is gone', 'run two pods of a store')
  }
  const instance = await stores.withdraw(await placeOf(bench, shared.workloads), UNREADY_MS / 1_000)
  const startedAt = performance.now()
  const sales = (attempts: readonly AttemptRecord[]) =>
    attempts.filter(attempt => attempt.outcome === 'bought' && attempt.instance === instance).map(({ at }) => at)
  const isBack = (attempts: readonly AttemptRecord[]) => sales(attempts).some(at => at >= UNREADY_MS)
  const attempts = await buyUntil(bench, { startedAt, endMs: UNREADY_MS + BACK_WITHIN_MS, isOver: isBack })
  const backAt = sales(attempts).find(at => at >= UNREADY_MS)
  return judgeWithdrawal({
    leftAfterMs: Math.max(0, ...sales(attempts).filter(at => at < UNREADY_MS)),
    backAfterMs: backAt === undefined ? null : backAt - UNREADY_MS,
    leaveWithinMs: LEAVE_WITHIN_MS,
    backWithinMs: BACK_WITHIN_MS,
    attempts
  })
}

/** Buys little by little; the times of the attempts are ms since `startedAt`. */
async function buyUntil(
  { buyer, declared, signal }: Bench,
  {
    startedAt,
    endMs,
    isOver
  }: {
    readonly startedAt: number
    readonly endMs: number
    readonly isOver: (attempts: readonly AttemptRecord[]) => boolean
  }
): Promise<readonly AttemptRecord[]> {
  const attempts: AttemptRecord[] = []
  const elapsed = () => performance.now() - startedAt
  while (elapsed() < endMs && !isOver(attempts)) {
    const since = elapsed()
    const bought = await buyer.buy({ purchases: AT_ONCE, concurrency: widthWithin(declared, 2) })
    attempts.push(...bought.map(attempt => ({ ...attempt, at: since + attempt.at })))
    await sleep(PAUSE_MS, undefined, { signal })
  }
  return attempts
}
