import type { AttemptRecord } from '@bookstore/contract'
import { shareInterval } from '../interval.ts'
import { DEFAULT_ALPHA } from '../parameters.ts'
import { counted, inSeconds, type PromiseVerdict, percent } from './promise-verdict.ts'

/** What was declared, caused and observed of deadlines. */
export interface TimeoutEvidence {
  /** No answer may come later than this, in ms. */
  readonly longestMs: number
  /** What the way there and back, and a busy machine, may add. */
  readonly slackMs: number
  readonly attempts: readonly AttemptRecord[]
  readonly alpha?: number
}

/** Share of answers that may be late for reasons that are not the mesh's. */
const TOLERATED = 0.05

/**
 * Passes when the share of answers after the deadline and its slack is below 5 %, fails when it is above, both by a
 * time-uniform interval. Without any attempt that met the deadline nothing was tried, and nothing is said.
 */
export function judgeTimeout({ longestMs, slackMs, attempts, alpha = DEFAULT_ALPHA }: TimeoutEvidence): PromiseVerdict {
  const late = attempts.filter(({ ms }) => ms > longestMs + slackMs).length
  const cut = attempts.filter(({ status, ms }) => status === 504 && ms <= longestMs + slackMs).length
  const slowest = attempts.reduce((most, { ms }) => Math.max(most, ms), 0)
  const interval = shareInterval({ count: late, total: attempts.length, centre: TOLERATED, alpha })
  const seen = `${counted(cut, 'answer')} of 504, the slowest of ${attempts.length} after ${inSeconds(slowest)}`
  const bound = `${inSeconds(longestMs)} + ${inSeconds(slackMs)}`
  if (interval.low > TOLERATED) {
    return { status: 'fail', seen, reason: `${counted(late, 'answer')} came later than ${bound}` }
  }
  if (cut === 0) return { status: 'pending', seen, reason: 'no purchase met its deadline: the stores were not late' }
  if (interval.high < TOLERATED) {
    return { status: 'pass', seen, reason: `at most ${percent(interval.high)} come later than ${bound}` }
  }
  return { status: 'pending', seen, reason: `up to ${percent(interval.high)} may come later than ${bound}` }
}
