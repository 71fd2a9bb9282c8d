import type { AttemptRecord } from '@bookstore/contract'
import type { DeclaredPromises, PromiseOutlook } from '@bookstore/policy'
import type { PromiseVerdict } from '@bookstore/verdict'
import type { Buyer } from './buyer.ts'
import { Hindered } from './cannot-see.ts'
import type { StorePlace, Stores } from './stores.ts'

/** What a case may do to cause its situation, and what it knows. */
export interface Bench {
  readonly kind: 'none' | 'local-mesh' | 'cluster'
  readonly declared: DeclaredPromises
  readonly outlook: PromiseOutlook
  readonly buyer: Buyer
  readonly stores: Stores
  readonly places: readonly StorePlace[]
  readonly signal: AbortSignal
  /** A first look at the shop without any fault; made once. */
  look(): Promise<readonly AttemptRecord[]>
}

/** What a case found. */
export type Proof = PromiseVerdict

/** Purchases at the same time that a declared circuit breaker lets through beside the buyer's usual ones. */
export function widthWithin({ breakers }: DeclaredPromises, wanted: number): number {
  return Math.max(1, Math.min(wanted, ...breakers.map(({ inFlight }) => inFlight - 1)))
}

/** Instances by the version that they sell, as far as they sold. */
function instancesOf(attempts: readonly AttemptRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const instances = new Map<string, Set<string>>()
  for (const { outcome, version, instance } of attempts) {
    if (outcome !== 'bought') continue
    instances.set(version, (instances.get(version) ?? new Set()).add(instance))
  }
  return instances
}

/** The instances of all versions. */
export async function knownInstances({ look, places }: Bench): Promise<ReadonlySet<string>> {
  // addresses of pods need no names
  if (places.every(({ isOnePod }) => isOnePod)) return new Set()
  return new Set([...instancesOf(await look()).values()].flatMap(names => [...names]))
}

/** How many pods stand behind a backend: as the topology has them by address, else as many as sold. */
export async function podsBehind(
  { outlook, look }: Bench,
  { workloads }: { readonly workloads: readonly string[] }
): Promise<number> {
  const known = outlook.topology.workloads.filter(({ name }) => workloads.includes(name))
  const addresses = known.flatMap(workload => workload.addresses)
  if (addresses.length > 0) return addresses.length
  const sold = instancesOf(await look())
  return workloads.reduce((sum, name) => sum + (sold.get(name)?.size ?? 0), 0)
}

export interface Trial {
  readonly batch: number
  /** Bounds what is bought for one promise. */
  readonly most: number
  readonly concurrency: number
  /** What was bought before, under the same conditions. */
  readonly first?: readonly AttemptRecord[]
}

/** Buys in batches until the verdict is pass or fail, or enough was bought. */
export async function untilJudged(
  { buyer }: Bench,
  { batch, most, concurrency, first = [] }: Trial,
  judge: (attempts: readonly AttemptRecord[]) => Proof | Promise<Proof>
): Promise<Proof> {
  const attempts = [...first]
  for (;;) {
    if (attempts.length > 0) {
      refuseIfDenied(attempts)
      const proof = await judge(attempts)
      if (proof.status !== 'pending' || attempts.length >= most) return proof
    }
    attempts.push(...(await buyer.buy({ purchases: batch, concurrency })))
  }
}

/** @throws Hindered when another promise came between: what it refused never met the situation that was caused */
export function refuseIfInterfered(attempts: readonly AttemptRecord[]): void {
  const limited = attempts.filter(({ status }) => status === 429).length
  const overflow = attempts.filter(({ isOverload }) => isOverload).length
  const what = limited > 0 ? 'a rate limit' : 'a circuit breaker'
  const count = Math.max(limited, overflow)
  if (count === 0) return
  throw new Hindered(`${what} refused ${count} of ${attempts.length} purchases`, `take ${what} back for the proof`)
}

function refuseIfDenied(attempts: readonly AttemptRecord[]): void {
  if (!attempts.every(({ outcome }) => outcome === 'denied')) return
  throw new Hindered('the buyer may not buy: all its purchases are denied', 'let the bookbuyer buy')
}

/** The verdict over several backends: fail when one fails, pass when all pass. */
export function together(proofs: readonly Proof[]): Proof {
  const worst = proofs.find(({ status }) => status === 'fail') ?? proofs.find(({ status }) => status === 'pending')
  const decisive = worst ?? proofs[0]
  if (decisive === undefined) throw new RangeError('expected at least one proof, got none')
  return { ...decisive, seen: proofs.map(({ seen }) => seen).join('; ') }
}
