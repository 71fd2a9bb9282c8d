import { type ExpectedAccess, type Snapshot, whole } from '@bookstore/contract'
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
  /** From when on attempts are judged, ms since the epoch: the end of the settling time of the last change. */
  judgedFrom(): number
  /** The verdict, and what it rests on. */
  verdict(): Snapshot['access']
}

export function createAccessTrial(
  initial: AccessExpectation,
  { alpha, settleMs, now }: { readonly alpha: number; readonly settleMs: number; readonly now: number }
): AccessTrial {
  let expectation = initial
  let judgedFrom = now
  let oldestConnection = 0
  let test = createAccessMonitor({ expected: initial.expected, alpha })
  let counts = { bought: 0, denied: 0, failed: 0 }
  let leftOut = 0
  const startAnew = (from: number) => {
    judgedFrom = from
    test = createAccessMonitor({ expected: expectation.expected, alpha })
    counts = { bought: 0, denied: 0, failed: 0 }
    leftOut = 0
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
      if (at < judgedFrom || (answer && answer.connectionsSince < oldestConnection)) {
        leftOut += 1
        return
      }
      counts[outcome.kind] += 1
      test.observe({ outcome: outcome.kind, status: answer?.status ?? 0 })
    },
    // a reset must not cut a settling time short
    reset: now => startAnew(Math.max(now, oldestConnection)),
    expected: () => expectation.expected,
    judgedFrom: () => judgedFrom,
    verdict() {
      const verdict = test.verdict()
      return {
        ...verdict,
        // who looks at the denials that are counted must not read that nothing was tried
        ...(verdict.attempts === 0 && leftOut > 0 && { reason: notJudgedYet(leftOut) }),
        ...expectation,
        since: new Date(judgedFrom).toISOString(),
        counts: { ...counts }
      }
    }
  }
}

function notJudgedYet(attempts: number): string {
  const counted = `${whole(attempts)} ${attempts === 1 ? 'attempt' : 'attempts'}`
  return `nothing to judge yet: ${counted} while the change settles, or on connections from before it`
}
