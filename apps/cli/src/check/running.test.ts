import type { Snapshot } from '@bookstore/contract'
import { expect, test } from 'vitest'
import { shopperFindings } from './running.ts'

const NOW = Date.parse('2026-11-24T12:00:00Z')

function snapshot(change: object = {}): Snapshot {
  return {
    policies: { problems: [] },
    access: { expected: 'allowed', status: 'pass', reason: 'allowed 90 of 90' },
    verdict: { status: 'pending', reason: 'counting' },
    lastOutcome: { kind: 'bought', text: 'bought a book', at: new Date(NOW - 500).toISOString() },
    ...change
  } as unknown as Snapshot
}

const failed = (change: object) =>
  shopperFindings('bookbuyer', snapshot(change), NOW)
    .filter(({ status }) => status === 'fail')
    .map(({ hint, page }) => [hint, page])

test('a shopper that buys as declared is in order', () => {
  expect(failed({})).toEqual([])
})

test.each([
  [{ policies: { problems: ['split.yaml:3: no'] } }, 'split.yaml:3: no', 'not-in-force'],
  [
    { lastOutcome: { kind: 'failed', text: 'ECONNREFUSED', at: new Date(NOW).toISOString() } },
    'the last attempt: ECONNREFUSED',
    'no-store-answers'
  ],
  [
    { lastOutcome: { kind: 'bought', text: 'bought a book', at: new Date(NOW - 60_000).toISOString() } },
    'the last attempt: bought a book',
    'no-store-answers'
  ],
  [{ access: { expected: 'allowed', status: 'fail', reason: 'denied' } }, 'denied', 'access-is-not-as-expected'],
  [{ verdict: { status: 'fail', reason: 'not 50/50' } }, 'not 50/50', 'the-split-is-wrong']
])('%j is a fault', (change, hint, page) => {
  expect(failed(change)).toEqual([[hint, `troubleshooting.md#${page}`]])
})
