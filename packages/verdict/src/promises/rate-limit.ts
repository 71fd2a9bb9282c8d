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
  readonly attempts: readonly AttemptRecord[]
}

/** Share of what a limit lets through that has to come: other clients take from the same bucket. */
const AT_LEAST = 0.5

/**
 * A bucket lets through what it holds and what it gets. From the first attempt to the end of the last no pod may have
 * answered more than that, which is a bound without chance; and not far less, or the limit is another one.
 */
export function judgeRateLimit({ perFill, fillMs, most, status, attempts }: RateLimitEvidence): PromiseVerdict {
  const accepted = new Map<string, number>()
  for (const { outcome, instance } of attempts) {
    if (outcome === 'bought') accepted.set(instance, (accepted.get(instance) ?? 0) + 1)
  }
  const first = Math.min(...attempts.map(({ at }) => at))
  const last = Math.max(...attempts.map(({ at, ms }) => at + ms))
  const elapsed = attempts.length === 0 ? 0 : last - first
  // a fill may stand at either end
  const bound = most + perFill * (Math.floor(elapsed / fillMs) + 1)
  const least = AT_LEAST * perFill * Math.max(1, Math.floor(elapsed / fillMs))
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
  if (counts.length === 0 || Math.min(...counts) < least) {
    return { status: 'fail', seen, reason: `each pod should accept at least ${Math.ceil(least)} in that time` }
  }
  return { status: 'pass', seen, reason: `at most ${bound} a pod in that time, and the rest refused with ${status}` }
}
