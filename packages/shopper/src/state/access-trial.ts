import type { AccessVerdict, ExpectedAccess } from '@bookstore/contract'
import { createAccessMonitor } from '@bookstore/verdict'
import type { Attempt } from '../shopping/attempt.ts'

/** What is expected, and who says so. */
export interface AccessExpectation {
  readonly expected: ExpectedAccess
  readonly source: string
}

/**
 * Judges whether a shopper gets in as expected. A change of the expectation starts anew after the settling time; from
 * then on answers on connections from before are left out, because a proxy may give one more under its old policy.
 */
export interface AccessTrial {
  /** Gives true when something else is expected than before. */
  expect(expectation: AccessExpectation, now: number): boolean
  observe(attempt: Attempt): void
  reset(now: number): void
  expected(): ExpectedAccess
  /** The verdict, and since when attempts are judged, ISO 8601. */
  verdict(): AccessVerdict & AccessExpectation & { readonly since: string }
}

export function createAccessTrial(
  initial: AccessExpectation,
  { alpha, settleMs, now }: { readonly alpha: number; readonly settleMs: number; readonly now: number }
): AccessTrial {
  let expectation = initial
  let judgedFrom = now
  let oldestConnection = 0
  let test = createAccessMonitor({ expected: initial.expected, alpha })
  const startAnew = (from: number) => {
    judgedFrom = from
    test = createAccessMonitor({ expected: expectation.expected, alpha })
  }
  return {
    expect(next, now) {
      const isChanged = next.expected !== expectation.expected
      expectation = next
      if (isChanged) startAnew(now + settleMs)
      if (isChanged) oldestConnection = now + settleMs
      return isChanged
    },
    observe({ at, outcome, answer }) {
      if (at < judgedFrom || (answer && answer.connectionsSince < oldestConnection)) return
      test.observe({ outcome: outcome.kind, status: answer?.status ?? 0 })
    },
    // a reset must not cut a settling time short
    reset: now => startAnew(Math.max(now, oldestConnection)),
    expected: () => expectation.expected,
    verdict: () => ({
      ...test.verdict(),
      ...expectation,
      since: new Date(judgedFrom).toISOString()
    })
  }
}
