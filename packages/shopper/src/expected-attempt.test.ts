import { expect, test } from 'vitest'
import { judgeAttempt } from './expected-attempt.ts'
import type { Attempt } from './shopping/attempt.ts'

const STORE = 'http://bookstore/buy-a-book/new'
const OUTSIDE = 'http://outside.example/'

function attempt(status: number, kind: Attempt['outcome']['kind'], url = STORE): Attempt {
  const outcomes = {
    bought: { kind: 'bought', version: 'bookstore-v1' },
    denied: { kind: 'denied', how: '403' },
    failed: { kind: 'failed', why: '500' }
  } as const
  const answer = { status, headers: {}, body: '', elapsedMs: 1, connectionsSince: 0 }
  return {
    url,
    outcome: outcomes[kind],
    answer: status === 0 ? undefined : answer,
    error: undefined,
    at: 0
  }
}

test.each([
  ['allowed', attempt(200, 'bought'), true, '200'],
  ['allowed', attempt(403, 'denied'), false, '200'],
  ['allowed', attempt(503, 'failed'), false, '200'],
  ['denied', attempt(403, 'denied'), true, 'a denial'],
  ['denied', attempt(0, 'denied'), true, 'a denial'],
  ['denied', attempt(200, 'bought'), false, 'a denial'],
  ['denied', attempt(503, 'failed'), false, 'a denial'],
  [404, attempt(404, 'denied'), true, '404'],
  [404, attempt(403, 'denied'), false, '404'],
  [0, attempt(0, 'denied'), true, '0'],
  [0, attempt(200, 'bought'), false, '0']
] as const)('expecting %s, %j is as expected: %s', (expected, seen, isExpected, words) => {
  expect(judgeAttempt(seen, { expected, egressUrls: [] })).toEqual({ isExpected, expected: words })
})

test('outside the mesh any answer that is no error is expected, whatever is expected of the store', () => {
  const outside = { expected: 'denied', egressUrls: [OUTSIDE] } as const
  const judge = (status: number) => judgeAttempt(attempt(status, 'failed', OUTSIDE), outside).isExpected
  expect([200, 301, 399].map(judge)).toEqual([true, true, true])
  expect([0, 400, 502].map(judge)).toEqual([false, false, false])
})
