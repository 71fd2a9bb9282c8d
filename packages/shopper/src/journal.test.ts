import type { Logger } from '@bookstore/common'
import { expect, test } from 'vitest'
import { NOW } from '../test-support/simulated-shopper.ts'
import { readShopperConfig } from './config.ts'
import { createJournal } from './journal.ts'
import type { Outcome } from './shopping/outcome.ts'
import { NO_POLICIES } from './state/policy-feed.ts'
import { createShopperState } from './state/shopper-state.ts'

interface Line {
  readonly level: string
  readonly message: string
  readonly [field: string]: unknown
}

/** A buyer on a simulated clock that tries ten times a second, and its log. */
function buyer(env: Readonly<Record<string, string>> = {}) {
  let now = NOW
  const lines: Line[] = []
  const write = (level: string) => (fields: object, message: string) => lines.push({ level, message, ...fields })
  const logger = { info: write('info'), warn: write('warn'), error: write('error') } as unknown as Logger
  const state = createShopperState(readShopperConfig('bookbuyer', env, []), { policies: () => NO_POLICIES, now })
  const journal = createJournal({ logger, expected: state.expectedAccess, now: () => now })
  return {
    lines,
    pass(seconds: number, outcome: (index: number) => Outcome) {
      for (let tenth = 0; tenth < seconds * 10; tenth++) {
        now += 100
        const attempt = { url: 'u', outcome: outcome(tenth), answer: undefined, error: undefined, at: now }
        state.observe(attempt, now)
        journal.attempted(attempt)
        if (tenth % 10 === 9) journal.review(state.snapshot(now, null))
      }
    }
  }
}

const DENIED = () => ({ kind: 'denied', how: '403' }) as const
const evenly = (index: number) => ({ kind: 'bought', version: `bookstore-v${(index % 2) + 1}` }) as const

test('an hour of denial gives at most 62 lines, and says so at once', () => {
  const { lines, pass } = buyer({ EXPECTED_ACCESS: 'allowed' })
  pass(3_600, DENIED)
  expect(lines.length).toBeLessThanOrEqual(62)
  expect(lines[0]).toMatchObject({ level: 'warn', kind: 'denied', state: 'began', reason: '403' })
  expect(lines.filter(({ state }) => state === 'goes on')).toHaveLength(59)
  expect(lines.filter(({ access }) => access === 'fail')).toHaveLength(1)
}, 60_000)

test('a denial that is expected is no warning, and its end is told with its count', () => {
  const { lines, pass } = buyer({ EXPECTED_ACCESS: 'denied' })
  pass(90, DENIED)
  pass(15, evenly)
  const denials = lines.filter(({ kind }) => kind === 'denied')
  expect(denials.map(({ level, state, total }) => [level, state, total])).toEqual([
    ['info', 'began', undefined],
    ['info', 'goes on', 610],
    ['info', 'ended', 900]
  ])
  expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', kind: 'bought', state: 'began' }))
})

test('failed purchases, the fail of a split and a declaration are told', () => {
  const { lines, pass } = buyer({ EXPECTED_SPLIT: 'bookstore-v1=50,bookstore-v2=50' })
  pass(60, () => ({ kind: 'bought', version: 'bookstore-v1' }))
  pass(2, () => ({ kind: 'failed', why: '503' }))
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'this split is declared', split: { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 } })
  )
  expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', split: 'fail' }))
  expect(lines).toContainEqual(
    expect.objectContaining({ level: 'warn', kind: 'failed', state: 'began', reason: '503' })
  )
})
