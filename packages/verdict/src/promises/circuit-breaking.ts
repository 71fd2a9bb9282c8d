import type { AttemptRecord } from '@bookstore/contract'
import { counted, type PromiseVerdict } from './promise-verdict.ts'

/** What was declared, caused and observed of bounds on what is under way. */
export interface BreakerEvidence {
  /** Requests that may be under way from one client to the backend. */
  readonly inFlight: number
  /** Purchases that were asked for at the same time. */
  readonly asked: number
  readonly attempts: readonly AttemptRecord[]
  /** Most under way that a store saw at once, for each; empty where they cannot be asked. */
  readonly mostInFlight: readonly number[]
}

/** Other clients of the store, each behind a proxy of its own: the thief, and a person who looks. */
const OTHERS = 2

/**
 * With more asked at a time than allowed, some must be answered at once by the proxy, and no store may see more than
 * allowed. Bounds without chance; Envoy's workers count apart for a moment, which the factor of 1.5 allows for.
 */
export function judgeBreaker({ inFlight, asked, attempts, mostInFlight }: BreakerEvidence): PromiseVerdict {
  const overflow = attempts.filter(({ isOverload }) => isOverload).length
  const highest = Math.max(0, ...mostInFlight)
  const allowed = Math.ceil(inFlight * 1.5) + OTHERS
  const stores = mostInFlight.length === 0 ? '' : `; a store saw at most ${highest} at once`
  const seen = `${counted(overflow, 'overflow answer')} of ${attempts.length}${stores}`
  if (highest > allowed) {
    return { status: 'fail', seen, reason: `${inFlight} may be under way, a store saw ${highest} of ${asked} at once` }
  }
  if (overflow === 0 && asked > allowed && attempts.length > asked) {
    return {
      status: 'fail',
      seen,
      reason: `${asked} at once where ${inFlight} may be: none was answered with overflow`
    }
  }
  if (overflow === 0) return { status: 'pending', seen, reason: `not more than ${inFlight} were asked for at once` }
  return { status: 'pass', seen, reason: `not more than ${inFlight} were let through at once, the rest was told so` }
}
