import { judgeCounts } from '@bookstore/verdict'
import { describe, expect, test } from 'vitest'
import { problemLines, purchaseLine, type Seen } from './purchase-line.ts'

const at = new Date(2026, 10, 23, 12, 0, 5)

function seen(
  v1: number,
  v2: number,
  { denied = 0, failed = 0, denial = null as string | null, problems = [] as string[] } = {}
): Seen {
  const byVersion = { 'bookstore-v1': v1, 'bookstore-v2': v2 }
  return {
    counts: { bought: v1 + v2, denied, failed, byVersion, byDenial: {}, byFailure: {} },
    verdict: judgeCounts({
      declared: { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 },
      counts: byVersion
    }),
    policies: { kind: 'local-mesh', inForce: [], lastChange: null, problems, denial, revision: null },
    lastOutcome: { at: at.toISOString(), kind: 'failed', text: 'no answer: ECONNREFUSED' }
  }
}

describe('the line of a second', () => {
  test('says what was bought of each version since the last look, and the verdict', () => {
    const line = purchaseLine(at, [seen(10, 10), seen(61, 57)], [null, null])
    expect(line).toMatch(/^12:00:05 {2}bought 98 \(v1 51, v2 47\) · denied 0 · failed 0 · consistent with 50\/50/)
  })

  test('begins at nothing after a reset', () => {
    expect(purchaseLine(at, [seen(500, 500), seen(3, 4)], [null, null])).toContain('bought 7 (v1 3, v2 4)')
  })

  test('explains a denial instead of the verdict when nothing is bought', () => {
    const denied = seen(10, 10, { denied: 9, denial: 'no TrafficTarget allows it' })
    const line = purchaseLine(at, [seen(10, 10), denied], [null, null])
    expect(line).toMatch(/bought 0 .* denied 9 .* denied: no TrafficTarget allows it$/)
  })

  test('says why attempts fail', () => {
    const line = purchaseLine(at, [seen(10, 10), seen(10, 10, { failed: 4 })], [null, null])
    expect(line).toMatch(/failed 4 · no answer: ECONNREFUSED$/)
  })

  test('tells of the thief what it stole or that it was denied', () => {
    const now = seen(1, 1)
    expect(purchaseLine(at, [now, now], [seen(0, 0), seen(1, 1)])).toContain('thief stole 2')
    expect(purchaseLine(at, [now, now], [seen(0, 0), seen(0, 0, { denied: 1 })])).toContain('thief denied 1')
  })

  test('goes on saying that policies are not in force', () => {
    const broken = seen(2, 2, { problems: ['split.yaml:3: got "lots"'] })
    expect(purchaseLine(at, [broken, broken], [null, null])).toMatch(/ · policies NOT IN FORCE: 1 problem$/)
  })

  test('says so when the buyer does not answer', () => {
    expect(purchaseLine(at, [seen(1, 1), null], [null, null])).toBe('12:00:05  the bookbuyer does not answer')
  })
})

test('policies that are not in force are told when that begins and when it is over', () => {
  const sound = seen(1, 1)
  const broken = seen(2, 2, { problems: ['split.yaml:3: got "lots"'] })
  expect(problemLines(sound, broken).join()).toMatch(/NOT IN FORCE, the last good policies stay: split\.yaml:3/)
  expect(problemLines(broken, broken)).toEqual([])
  expect(problemLines(broken, sound)).toHaveLength(1)
  expect(problemLines(null, broken)).toHaveLength(1)
  expect(problemLines(sound, sound)).toEqual([])
})
