import type { AttemptRecord } from '@bookstore/contract'
import { shareInterval } from '../interval.ts'
import { DEFAULT_ALPHA } from '../parameters.ts'
import { inSeconds, type PromiseVerdict, percent } from './promise-verdict.ts'

/** What was declared, caused and observed of leaving out a pod that fails. */
export interface EjectionEvidence {
  /** Errors in a row after which it is left out. */
  readonly errorsInARow: number
  /** Pods that share the requests. */
  readonly pods: number
  /** Attempts under way at the same time. */
  readonly concurrency: number
  /** In a time shorter than the ejection lasts. */
  readonly attempts: readonly AttemptRecord[]
  readonly alpha?: number
}

const TOLERATED = 0.05

/**
 * A pod that always fails gets its share until it has failed so often in a row, and then nothing. The attempts that this
 * can take are left out by their number; of those after them less than 5 % may fail, by a time-uniform interval.
 */
export function judgeEjection(evidence: EjectionEvidence): PromiseVerdict {
  const { errorsInARow, pods, concurrency, alpha = DEFAULT_ALPHA } = evidence
  const attempts = evidence.attempts.toSorted((left, right) => left.at - right.at)
  // ten times what is needed on average: shorter by chance with less than one in a million
  const warmUp = errorsInARow * pods * 10 + concurrency
  const [before, after] = [attempts.slice(0, warmUp), attempts.slice(warmUp)]
  const failed = (part: readonly AttemptRecord[]) => part.filter(({ outcome }) => outcome === 'failed')
  const count = failed(after).length
  const { low, high } = shareInterval({ count, total: after.length, centre: TOLERATED, alpha })
  const failures = failed(attempts)
  const seconds = (failures.at(-1)?.at ?? 0) - (failures[0]?.at ?? 0)
  const share = (part: readonly AttemptRecord[]) => percent(part.length === 0 ? 0 : failed(part).length / part.length)
  const seen = `${share(before)} of the first ${before.length} failed, ${share(after)} of the ${after.length} after them; the last error ${inSeconds(seconds)} after the first`
  if (low > TOLERATED) return { status: 'fail', seen, reason: 'the pod that fails still gets requests' }
  if (failures.length < errorsInARow) return { status: 'pending', seen, reason: 'the pod that fails was hardly asked' }
  if (high < TOLERATED) return { status: 'pass', seen, reason: `after ${errorsInARow} errors in a row it got nothing` }
  return { status: 'pending', seen, reason: `up to ${percent(high)} may still fail: too few purchases to tell` }
}
