import type { ExpectedAccess } from '@bookstore/contract'
import type { Attempt } from './shopping/attempt.ts'

/** Whether one answer is what was expected, and the expectation as the original prints it. */
export function judgeAttempt(
  attempt: Attempt,
  { expected, egressUrls }: { readonly expected: ExpectedAccess; readonly egressUrls: readonly string[] }
): { readonly isExpected: boolean; readonly expected: string } {
  const status = attempt.answer?.status ?? 0
  if (egressUrls.includes(attempt.url)) return { isExpected: status >= 200 && status < 400, expected: '200' }
  if (typeof expected === 'number') return { isExpected: status === expected, expected: String(expected) }
  if (expected === 'allowed') return { isExpected: status === 200, expected: '200' }
  return { isExpected: attempt.outcome.kind === 'denied', expected: 'a denial' }
}
