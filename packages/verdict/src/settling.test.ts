import { parseSplit } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { createSettling, type Settling } from './settling.ts'

const CHANGED_AT = 1_000_000

function settlingFrom(previous: string | null, declared: string): Settling {
  return createSettling({
    previous: previous === null ? null : parseSplit(previous),
    declared: parseSplit(declared),
    changedAt: CHANGED_AT,
    settleMs: 5_000,
    alpha: 0.01
  })
}

/** Answers every 100 ms: v1 until `switchMs` after the change, v2 from then on. */
function answer(settling: Settling, switchMs: number, untilMs = 5_000): void {
  for (let ms = 0; ms < untilMs; ms += 100) {
    settling.observe(ms < switchMs ? 'bookstore-v1' : 'bookstore-v2', CHANGED_AT + ms)
  }
}

describe('createSettling', () => {
  test('finds the moment of a hard switch', () => {
    const settling = settlingFrom('v1=1,v2=0', 'v1=0,v2=1')
    answer(settling, 2_800)
    expect(settling.measured(CHANGED_AT + 5_000)).toMatchObject({
      state: 'converged',
      convergedAfterMs: 2_800,
      answers: 50,
      text: 'converged after 2.8 s'
    })
  })

  test('knows it while it settles, once the odds are high enough', () => {
    const settling = settlingFrom('v1=90,v2=10', 'v1=10,v2=90')
    answer(settling, 1_000, 1_200)
    expect(settling.measured(CHANGED_AT + 1_200)).toMatchObject({
      state: 'settling',
      convergedAfterMs: null,
      text: 'settling after the change from 90/10 to 10/90'
    })
    answer(settling, 0, 500)
    expect(settling.measured(CHANGED_AT + 1_500).state).toBe('converged')
  })

  test('a switch before the first answer counts from that answer', () => {
    const settling = settlingFrom('v1=1,v2=0', 'v1=0,v2=1')
    for (let ms = 300; ms < 2_000; ms += 100) settling.observe('bookstore-v2', CHANGED_AT + ms)
    expect(settling.measured(CHANGED_AT + 5_000).convergedAfterMs).toBe(300)
  })

  test('says that the old split went on', () => {
    const settling = settlingFrom('v1=1,v2=0', 'v1=0,v2=1')
    answer(settling, 10_000)
    expect(settling.measured(CHANGED_AT + 5_000)).toMatchObject({
      state: 'not-converged',
      convergedAfterMs: null,
      text: 'did not converge within 5.0 s'
    })
  })

  test('does not guess: too few answers, splits too much alike, an unknown previous one', () => {
    const few = settlingFrom('v1=50,v2=50', 'v1=60,v2=40')
    answer(few, 0, 300)
    expect(few.measured(CHANGED_AT + 5_000).state).toBe('unclear')
    const alike = settlingFrom('v1=50,v2=50', 'v1=51,v2=49')
    answer(alike, 2_500)
    expect(alike.measured(CHANGED_AT + 5_000).state).toBe('unclear')
    const unknown = settlingFrom(null, 'v1=50,v2=50')
    answer(unknown, 2_500)
    expect(unknown.measured(CHANGED_AT + 5_000)).toMatchObject({
      state: 'unclear',
      text: 'cannot tell when the change to 50/50 took hold'
    })
  })

  test('an undeclared version says nothing about the moment', () => {
    const settling = settlingFrom('v1=1,v2=0', 'v1=0,v2=1')
    for (let ms = 0; ms < 2_000; ms += 100) settling.observe('bookstore-v9', CHANGED_AT + ms)
    expect(settling.measured(CHANGED_AT + 5_000).state).toBe('unclear')
  })
})

test('only a version that the previous split gave and the new one cannot is stale', () => {
  const settling = settlingFrom('v1=1,v2=0', 'v1=0,v2=1')
  expect(settling.fitsOnlyPrevious('bookstore-v1')).toBe(true)
  expect(settling.fitsOnlyPrevious('bookstore-v2')).toBe(false)
  expect(settling.fitsOnlyPrevious('bookstore-v9')).toBe(false)
})
