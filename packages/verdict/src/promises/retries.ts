import type { AttemptRecord } from '@bookstore/contract'
import { shareInterval } from '../interval.ts'
import { DEFAULT_ALPHA } from '../parameters.ts'
import { type PromiseVerdict, percent } from './promise-verdict.ts'

/** What was declared, caused and observed of retries. */
export interface RetryEvidence {
  /** Tries after the first one. */
  readonly retries: number
  /** Share of the requests that stores answer with an error, each by itself, 0 to 1. */
  readonly faultShare: number
  readonly attempts: readonly AttemptRecord[]
  /** Requests that the stores saw meanwhile, those of other clients included; null where they cannot be asked. */
  readonly requestsSeen: number | null
  readonly alpha?: number
}

/**
 * Stores fail each try by itself with probability p, so a purchase with n retries fails with p^(n+1). A pass says that
 * the true share lies nearer to that than to what one retry fewer or more would give (the geometric middle), a fail
 * that it is another one; both by a time-uniform interval, wrong with probability alpha.
 */
export function judgeRetries(evidence: RetryEvidence): PromiseVerdict {
  const { retries, faultShare: p, attempts, alpha = DEFAULT_ALPHA } = evidence
  const total = attempts.length
  const count = attempts.filter(({ outcome }) => outcome === 'failed').length
  const expected = p ** (retries + 1)
  const { low, high } = shareInterval({ count, total, centre: expected, alpha })
  const seen = `${percent(total === 0 ? 0 : count / total)} of ${total} purchases failed${requestsOf(evidence)}`
  const range = `${percent(low)} to ${percent(high)}`
  if (expected < low || expected > high) {
    return { status: 'fail', seen, reason: `with ${retries} retries ${percent(expected)} would fail; it is ${range}` }
  }
  if (high < p ** (retries + 0.5) && low > p ** (retries + 1.5)) {
    return { status: 'pass', seen, reason: `${percent(expected)} expected with ${retries} retries; it is ${range}` }
  }
  return { status: 'pending', seen, reason: `${range} allows more than one number of retries` }
}

function requestsOf({ requestsSeen, attempts, retries, faultShare: p }: RetryEvidence): string {
  if (requestsSeen === null || attempts.length === 0) return ''
  const expected = p === 1 ? retries + 1 : (1 - p ** (retries + 1)) / (1 - p)
  return `; stores saw ${(requestsSeen / attempts.length).toFixed(2)} requests a purchase (${expected.toFixed(2)} expected)`
}
