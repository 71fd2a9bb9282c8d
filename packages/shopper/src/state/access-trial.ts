import { type AccessVerdict, createAccessTest, type ExpectedAccess } from '@bookstore/verdict'
import type { Attempt } from '../shopping/attempt.ts'

/** What is expected, and who says so. */
export interface AccessExpectation {
  readonly expected: ExpectedAccess
  readonly source: string
}

/** Judges whether a shopper gets in as expected; a change of the expectation starts anew after the settling time. */
export interface AccessTrial {
  expect(expectation: AccessExpectation, now: number): void
  observe(attempt: Attempt): void
  reset(now: number): void
  expected(): ExpectedAccess
  /** The verdict, and since when attempts are judged, ISO 8601. */
  verdict(): AccessVerdict & AccessExpectation & { readonly since: string }
}

export function createAccessTrial(
  initial: AccessExpectation,
  {
    alpha,
    settleMs,
    now
  }: { readonly alpha: number; readonly settleMs: number; readonly now: number }
): AccessTrial {
  let expectation = initial
  let judgedFrom = now
  let test = createAccessTest({ expected: initial.expected, alpha })
  const startAnew = (from: number) => {
    judgedFrom = from
    test = createAccessTest({ expected: expectation.expected, alpha })
  }
  return {
    expect(next, now) {
      const isChanged = next.expected !== expectation.expected
      expectation = next
      if (isChanged) startAnew(now + settleMs)
    },
    observe({ at, outcome, answer }) {
      if (at < judgedFrom) return
      test.observe({ outcome: outcome.kind, status: answer?.status ?? 0 })
    },
    reset: startAnew,
    expected: () => expectation.expected,
    verdict: () => ({
      ...test.verdict(),
      ...expectation,
      since: new Date(judgedFrom).toISOString()
    })
  }
}
