import { setTimeout as sleep } from 'node:timers/promises'
import type { AttemptRecord } from '@bookstore/contract'
import { judgeDiscovery, judgeWithdrawal } from '@bookstore/verdict'
import { type Bench, type Proof, podsBehind, widthWithin } from '../bench.ts'
import { CannotSee } from '../cannot-see.ts'
import { placeOf } from '../places.ts'
import { overBackends } from './load-balancing.ts'

/** Times of a withdrawal, in ms. */
export interface WithdrawalTimes {
  /** How long a pod is not ready: longer than probes and the mesh's word need to take it out. */
  readonly unreadyMs: number
  readonly leaveWithinMs: number
  readonly backWithinMs: number
}

const TIMES: WithdrawalTimes = { unreadyMs: 30_000, leaveWithinMs: 20_000, backWithinMs: 30_000 }

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

/** One of several pods behind a Service is not ready for a while: it must soon get nothing, and soon again something. */
export async function proveWithdrawal(bench: Bench, times = TIMES): Promise<Proof> {
  const { unreadyMs, leaveWithinMs, backWithinMs } = times
  const { declared, stores } = bench
  const backends = await Promise.all(
    declared.balance.map(async one => ({ ...one, pods: await podsBehind(bench, one) }))
  )
  const shared = backends.find(({ pods }) => pods >= 2)
  if (shared === undefined) {
    throw new CannotSee('no backend has two pods: with the one that goes, all is gone', 'run two pods of a store')
  }
  const instance = await stores.withdraw(await placeOf(bench, shared.workloads), unreadyMs / 1_000)
  const startedAt = performance.now()
  const sales = (attempts: readonly AttemptRecord[]) =>
    attempts.filter(attempt => attempt.outcome === 'bought' && attempt.instance === instance).map(({ at }) => at)
  const isBack = (attempts: readonly AttemptRecord[]) => sales(attempts).some(at => at >= unreadyMs)
  const attempts = await buyUntil(bench, { startedAt, endMs: unreadyMs + backWithinMs, isOver: isBack })
  const backAt = sales(attempts).find(at => at >= unreadyMs)
  return judgeWithdrawal({
    leftAfterMs: Math.max(0, ...sales(attempts).filter(at => at < unreadyMs)),
    backAfterMs: backAt === undefined ? null : backAt - unreadyMs,
    leaveWithinMs,
    backWithinMs,
    pods: shared.pods,
    soldMeanwhile: attempts.filter(
      ({ outcome, version, at }) =>
        outcome === 'bought' && shared.workloads.includes(version) && at >= leaveWithinMs && at < unreadyMs
    ).length,
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
