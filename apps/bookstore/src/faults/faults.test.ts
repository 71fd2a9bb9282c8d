import { describe, expect, test } from 'vitest'
import { createFaultSwitch } from './fault-switch.ts'
import { describeFaults, drawFault, NO_FAULTS, readFaults } from './faults.ts'

const both = { abort: { status: 503, percent: 30 }, delay: { ms: 800, percent: 10 }, unready: false }
const inTurn = (...numbers: number[]) => {
  return () => numbers.shift() ?? 0
}

describe('faults', () => {
  test('are read with either part left out', () => {
    expect(readFaults(both)).toEqual(both)
    expect(readFaults({ abort: both.abort })).toEqual({ abort: both.abort, delay: null, unready: false })
    expect(readFaults({})).toEqual(NO_FAULTS)
  })

  test.each([
    [[], 'expected an object with abort, delay, unready, got []'],
    [{ aborts: {} }, 'expected only abort, delay, unready, got "aborts"'],
    [{ abort: { status: 200, percent: 1 } }, 'abort.status: expected a whole number from 400 to 599, got 200'],
    [{ abort: { status: 503 } }, 'abort.percent: expected a number from 0 to 100, got nothing'],
    [{ abort: { status: 503, percent: 101 } }, 'abort.percent: expected a number from 0 to 100, got 101'],
    [{ unready: 'yes' }, 'unready: expected true or false, got "yes"'],
    [{ delay: { ms: 0, percent: 1 } }, 'delay.ms: expected a whole number from 1 to 60000, got 0'],
    [{ delay: { ms: 1, percent: '1' } }, 'delay.percent: expected a number from 0 to 100, got "1"']
  ])('%j is refused by field', (value, message) => {
    expect(() => readFaults(value)).toThrow(new Error(message))
  })

  test('are drawn each by itself', () => {
    expect(drawFault(both, inTurn(0.05, 0.29))).toEqual({ delayMs: 800, status: 503 })
    expect(drawFault(both, inTurn(0.1, 0.29))).toEqual({ delayMs: 0, status: 503 })
    expect(drawFault(both, inTurn(0.5, 0.3))).toEqual({ delayMs: 0, status: null })
    const always = { abort: { status: 500, percent: 100 }, delay: null }
    expect(drawFault(always, () => 0.999999)).toEqual({ delayMs: 0, status: 500 })
    expect(drawFault({ abort: { status: 500, percent: 0 }, delay: null }, () => 0)).toMatchObject({ status: null })
  })

  test('are told in words', () => {
    expect(describeFaults(both)).toBe('answers 503 to 30 % of purchases, is 800 ms late for 10 %')
    expect(describeFaults({ ...NO_FAULTS, unready: true })).toBe('says that it is not ready')
    expect(describeFaults(NO_FAULTS)).toBe('')
  })
})

describe('the switch', () => {
  test('is back to none by itself, and counts anew when it is set', () => {
    let now = 0
    const faults = createFaultSwitch({ random: () => 0, now: () => now })
    faults.begin().end()
    faults.set({ ...NO_FAULTS, abort: both.abort }, 60)
    expect(faults.begin().status).toBe(503)
    expect(faults.report()).toEqual({
      abort: both.abort,
      delay: null,
      unready: false,
      secondsLeft: 60,
      seen: { requests: 1, aborted: 1, delayed: 0, mostInFlight: 1 }
    })
    now = 60_000
    expect(faults.begin().status).toBeNull()
    expect(faults.report()).toMatchObject({ abort: null, secondsLeft: null })
    expect(faults.describe()).toBe('')
  })

  test('counts what is under way at the same time, and keeps the most', () => {
    const faults = createFaultSwitch()
    const first = faults.begin()
    const second = faults.begin()
    first.end()
    second.end()
    faults.begin().end()
    expect(faults.report().seen).toMatchObject({ requests: 3, mostInFlight: 2 })
  })

  test('lasts as long as the store when it began with faults', () => {
    const faults = createFaultSwitch({ initial: both, random: () => 0.99, now: () => 1e12 })
    expect(faults.report()).toMatchObject({ ...both, secondsLeft: null })
  })
})
