import type { AttemptRecord } from '@bookstore/contract'
import { counted, inSeconds, type PromiseVerdict } from './promise-verdict.ts'

/** What was declared, caused and observed of a limit that each pod keeps. */
export interface RateLimitEvidence {
  /** Tokens that a pod's bucket gets every `fillMs`. */
  readonly perFill: number
  readonly fillMs: number
  /** Tokens that it holds at most. */
  readonly most: number
  /** Status of a refusal. */
  readonly status: number
  /** Whether the buckets were full at the beginning: nobody had asked for much for long enough. */
  readonly isFull: boolean
  readonly attempts: readonly AttemptRecord[]
}

/** Share of what a limit lets through that has to come: other clients take from the same bucket. */
const AT_LEAST = 0.5

/**
 * A bucket lets through what it holds and what it gets. From the first attempt to the end of the last no pod may have
 * answered more than that, which is a bound without chance; and not less than half of it when the buckets were full, or the
 * limit is another one.
 */
export function judgeRateLimit(evidence: RateLimitEvidence): PromiseVerdict {
  const { perFill, fillMs, most, status, isFull, attempts } = evidence
  const accepted = new Map<string, number>()
  for (const { outcome, instance } of attempts) {
    if (outcome === 'bought') accepted.set(instance, (accepted.get(instance) ?? 0) + 1)
  }
  const first = Math.min(...attempts.map(({ at }) => at))
  const last = Math.max(...attempts.map(({ at, ms }) => at + ms))
  const elapsed = attempts.length === 0 ? 0 : last - first
  // a fill may stand at either end
  const bound = most + perFill * (Math.floor(elapsed / fillMs) + 1)
  const least = isFull ? AT_LEAST * (most + perFill * Math.floor(elapsed / fillMs)) : 0
  const refused = attempts.filter(answer => answer.status === status).length
  const counts = [...accepted.values()]
  const highest = Math.max(0, ...counts)
  const seen = `${counted(refused, 'refusal')} (${status}); ${counts.join(' and ') || 'none'} accepted in ${inSeconds(elapsed)}`
  if (highest > bound) {
    return { status: 'fail', seen, reason: `a pod may accept ${bound} in that time and accepted ${highest}` }
  }
  if (refused === 0) {
    return { status: 'pending', seen, reason: `no pod got more than the ${bound} that it may accept in that time` }
  }
  if (counts.length === 0 && !isFull) {
    return { status: 'pending', seen, reason: 'nothing was accepted, and the buckets may have been empty before' }
  }
  if (counts.length === 0 || Math.min(...counts) < least) {
    return { status: 'fail', seen, reason: `each pod should accept at least ${Math.ceil(least)} in that time` }
  }
  const rest = isFull ? '' : '; whether far less is let through is not known, the buckets may have been empty before'
  const reason = `at most ${bound} a pod in that time, and the rest refused with ${status}${rest}`
  return { status: 'pass', seen, reason }
}
