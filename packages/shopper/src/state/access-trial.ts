import { type AccessVerdict, createAccessTest } from '@bookstore/verdict'
import type { ExpectedAccess } from '../config.ts'
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
  verdict(): AccessVerdict & AccessExpectation
}

export function createAccessTrial(
  initial: AccessExpectation,
  { alpha, settleMs }: { readonly alpha: number; readonly settleMs: number }
): AccessTrial {
  let expectation = initial
  let judgedFrom = 0
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
    verdict: () => ({ ...test.verdict(), ...expectation })
  }
}
