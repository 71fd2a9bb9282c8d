import type { Snapshot } from '@bookstore/contract'
import { createAccessMonitor, createSplitMonitor } from '@bookstore/verdict'
import { expect, test } from 'vitest'
import { headlineOf } from './headline.ts'
import { NO_POLICIES } from './policy-feed.ts'

type Parts = Parameters<typeof headlineOf>[0]

function parts(change: Partial<Parts> = {}): Parts {
  return {
    app: 'bookbuyer',
    counts: { bought: 10, denied: 0, failed: 0, byVersion: {}, byDenial: {}, byFailure: {} },
    verdict: createSplitMonitor({ declared: { 'bookstore-v1': 1 } }).verdict(),
    access: access('allowed', 'bought', 200),
    window: { settling: false } as Snapshot['window'],
    policies: NO_POLICIES.status,
    lastOutcome: { at: '', kind: 'bought', text: 'bought a book' },
    health: HEALTHY,
    alarm: null,
    ...change
  }
}

function access(
  expected: 'allowed' | 'denied',
  outcome: 'bought' | 'denied' | 'failed',
  times: number
): Parts['access'] {
  const trial = createAccessMonitor({ expected })
  for (let at = 0; at < times; at++) trial.observe({ outcome })
  const counts = { bought: 0, denied: 0, failed: 0, [outcome]: times }
  return { ...trial.verdict(), expected, source: 'test', since: '', counts }
}

const HEALTHY: Parts['health'] = {
  status: 'ok',
  reason: '10 attempts, 0 failed',
  seconds: 10,
  bought: 10,
  denied: 0,
  failed: 0,
  byVersion: {},
  silent: []
}

const denied = { ...NO_POLICIES.status, denial: 'bookthief is not a source of TrafficTarget x.' }

test.each<[string, Partial<Parts>, string, string]>([
  ['nothing tried', { counts: { ...parts().counts, bought: 0 } }, 'pending', 'Opening the shop'],
  ['still counting', {}, 'pending', 'Still counting'],
  [
    'a change settles',
    { window: { settling: true, convergence: 'settling', reason: '' } as Snapshot['window'] },
    'pending',
    'The declared split just changed'
  ],
  ['denied without reason', { access: access('allowed', 'denied', 1) }, 'fail', 'Denied, though it should be let in'],
  [
    'denied as the policies say',
    { access: access('denied', 'denied', 200), policies: denied },
    'pass',
    'Denied, as declared'
  ],
  [
    'let in against the policies',
    { access: access('denied', 'bought', 1) },
    'fail',
    'Let in, though it should be denied'
  ],
  [
    'a broken policy',
    { policies: { ...denied, kind: 'local-mesh', problems: ['split.yaml:3: weight: expected'] } },
    'broken',
    'The policies cannot be read'
  ],
  [
    'a thief that is denied',
    { app: 'bookthief', access: access('denied', 'denied', 200) },
    'pass',
    'Denied, as expected'
  ],
  ['a thief that gets in', { app: 'bookthief', access: access('denied', 'bought', 1) }, 'fail', 'The thief gets in'],
  [
    'a thief in permissive mode',
    { app: 'bookthief', access: access('allowed', 'bought', 200) },
    'pass',
    'Stealing, and nobody minds'
  ]
])('%s', (_name, change, status, title) => {
  expect(headlineOf(parts(change))).toMatchObject({ status, title })
})

test.each(['split.yaml:3: weight: expected 50, got "lots"', 'split.yaml:3: weight: expected 50, got "lots".'])(
  'the sentence about a broken policy ends once: %s',
  problem => {
    const policies = { ...denied, kind: 'local-mesh' as const, problems: [problem] }
    expect(headlineOf(parts({ policies })).text).toBe(
      'split.yaml:3: weight: expected 50, got "lots". The last good policies stay in force.'
    )
  }
)

test('the explanation of a denial is part of the text', () => {
  const { text } = headlineOf(parts({ access: access('denied', 'denied', 5), policies: denied }))
  expect(text).toMatch(/\. Bookthief is not a source of TrafficTarget x\.$/)
})

test('nobody answers: several failures in a row, or nothing but failures', () => {
  const lastOutcome = { at: '', kind: 'failed', text: 'failed: connection refused' } as const
  const title = (change: Partial<Parts>, failuresInARow: number) =>
    headlineOf(parts({ lastOutcome, ...change }), failuresInARow).title
  const nothingElse = { ...parts().counts, bought: 0, failed: 1 }
  expect(title({}, 10)).toBe('No bookstore answers')
  // one store of two that is away fails three in a row soon enough
  expect(title({}, 3)).toBe('Still counting')
  expect(title({ health: { ...HEALTHY, bought: 0 } }, 3)).toBe('No bookstore answers')
  expect(title({ counts: nothingElse }, 1)).toBe('No bookstore answers')
  expect(title({}, 2)).toBe('Still counting')
})

test('health overrides a pass, and never softens a fail', () => {
  const degraded = { ...HEALTHY, status: 'degraded', reason: 'v2 has not answered for 12 s' } as const
  const judged = createSplitMonitor({ declared: { 'bookstore-v1': 1 } })
  for (let purchase = 0; purchase < 200; purchase++) judged.observe('bookstore-v1')
  const passing = parts({ verdict: judged.verdict() })
  expect(headlineOf(passing).status).toBe('pass')
  expect(headlineOf({ ...passing, health: degraded })).toEqual({
    status: 'broken',
    title: 'v2 has not answered for 12 s',
    text: 'Now: 10 bought, 0 denied, 0 failed in the last 10 s. What was judged until now: The mesh splits as declared.'
  })
  const failing = parts({ access: access('allowed', 'denied', 3), health: degraded })
  expect(headlineOf(failing).status).toBe('fail')
  const wrong = createSplitMonitor({ declared: { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 } })
  for (let purchase = 0; purchase < 200; purchase++) wrong.observe('bookstore-v1')
  const split = parts({ verdict: wrong.verdict(), health: degraded })
  expect(headlineOf(split).status).toBe('fail')
  const silent = { ...degraded, silent: [{ version: 'v2', seconds: 12 }] }
  expect(headlineOf({ ...split, health: silent }).title).toBe('v2 has not answered for 12 s')
  expect(headlineOf({ ...failing, health: silent }).status).toBe('fail')
})
