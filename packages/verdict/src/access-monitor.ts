import type { AccessVerdict, ExpectedAccess, Status } from '@bookstore/contract'
import { type AccessTally, accessReason } from './describe-access.ts'
import { shareInterval } from './interval.ts'
import { checkedAlpha, checkedTolerance, DEFAULT_ALPHA, DEFAULT_TOLERANCE } from './parameters.ts'

/** How an attempt to buy ended. `failed` (network, 5xx) proves nothing about access. */
export interface AccessAttempt {
  readonly outcome: 'bought' | 'denied' | 'failed'
  /** HTTP status of the answer, 0 when there was none. Matters when a number is expected. */
  readonly status?: number | undefined
}

/** Watches access; constant cost and memory. */
export interface AccessMonitor {
  observe(attempt: AccessAttempt): void
  verdict(): AccessVerdict
}

/** What an access monitor is made with. */
export interface AccessMonitorOptions {
  readonly expected: ExpectedAccess
  /** Probability that is accepted of the bound being wrong at any time. */
  readonly alpha?: number | undefined
  /** `pass` needs the upper bound at or below this: 0.05 takes 90 attempts at alpha 0.01. */
  readonly tolerance?: number | undefined
}

/** Starts to watch access. Throws RangeError for alpha or tolerance out of range. */
export function createAccessMonitor(options: AccessMonitorOptions): AccessMonitor {
  const tally = { asExpected: 0, otherwise: 0, unclear: 0 }
  judgeAccess(tally, options)
  return {
    observe(attempt) {
      tally[meaningOf(attempt, options.expected)] += 1
    },
    verdict: () => judgeAccess(tally, options)
  }
}

/**
 * Judges attempts: one that ended otherwise than expected fails, and enough without one pass.
 * Without such an attempt the bound is 1 - alpha^(1/n), Clopper & Pearson 1934. It holds at all n at
 * once: for a true share p it is first wrong at one fixed n, which a run without it reaches with
 * probability (1 - p)^n < alpha. With such attempts it is the end of the time-uniform interval.
 */
export function judgeAccess(
  tally: AccessTally,
  { expected, alpha = DEFAULT_ALPHA, tolerance = DEFAULT_TOLERANCE }: AccessMonitorOptions
): AccessVerdict {
  const bound = upperBound(tally, checkedAlpha(alpha))
  const enough = Math.ceil(Math.log(alpha) / Math.log1p(-checkedTolerance(tolerance)))
  const status = statusOf(tally, enough)
  const missing = status === 'pending' ? enough - tally.asExpected : null
  return {
    status,
    reason: accessReason({ tally, expected, status, upperBound: bound, missing, tolerance }),
    attempts: tally.asExpected + tally.otherwise + tally.unclear,
    upperBound: bound,
    missing
  }
}

function statusOf({ asExpected, otherwise }: AccessTally, enough: number): Status {
  if (otherwise > 0) return 'fail'
  return asExpected >= enough ? 'pass' : 'pending'
}

function upperBound({ asExpected, otherwise }: AccessTally, alpha: number): number {
  const total = asExpected + otherwise
  if (otherwise > 0) return shareInterval({ count: otherwise, total, centre: 0, alpha }).high
  return total === 0 ? 1 : -Math.expm1(Math.log(alpha) / total)
}

function meaningOf({ outcome, status }: AccessAttempt, expected: ExpectedAccess): keyof AccessTally {
  if (typeof expected === 'number') {
    if (status === expected) return 'asExpected'
    return outcome === 'failed' ? 'unclear' : 'otherwise'
  }
  if (outcome === 'failed') return 'unclear'
  return (outcome === 'bought') === (expected === 'allowed') ? 'asExpected' : 'otherwise'
}
