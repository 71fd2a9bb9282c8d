import { describe, expect, test } from 'vitest'
import { createFreshWindow, type FreshCounts } from './fresh-window.ts'
import type { Terms } from './terms.ts'

const half: Terms = {
  split: { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 },
  access: null,
  alpha: 0.01,
  tolerance: 0.05,
  sameAsShopper: false
}

function counts(v1: number, v2: number, rest: Partial<FreshCounts> = {}): FreshCounts {
  return {
    bought: v1 + v2,
    denied: 0,
    failed: 0,
    byVersion: { 'bookstore-v1': v1, 'bookstore-v2': v2 },
    ...rest
  }
}

describe('a fresh window', () => {
  test('judges only what came after the first look', () => {
    const window = createFreshWindow(half)
    expect(window.look(counts(90_000, 10_000)).split).toMatchObject({
      status: 'pending',
      purchases: 0
    })
    expect(window.look(counts(93_000, 13_000)).split).toMatchObject({
      status: 'pass',
      purchases: 6000
    })
  })

  test('fails a wrong split, and an alarm stays when later purchases even it out', () => {
    const window = createFreshWindow(half)
    window.look(counts(0, 0))
    expect(window.look(counts(180, 20)).split?.status).toBe('fail')
    expect(window.look(counts(5000, 5000)).split?.status).toBe('fail')
  })

  test('raises no alarm for many purchases between two looks, whose order is not known', () => {
    const window = createFreshWindow(half)
    window.look(counts(0, 0))
    expect(window.look(counts(5000, 5000)).split?.status).toBe('pass')
  })

  test('raises no alarm while the purchases that a paused store holds could still even it out', () => {
    const window = createFreshWindow(half)
    window.look(counts(0, 0))
    expect(window.look(counts(2, 18), 16).split?.status).toBe('pending')
    expect(window.look(counts(18, 18), 1).split?.status).toBe('pending')
  })

  test('raises the alarm when no outcome of the purchases in flight could even it out', () => {
    const window = createFreshWindow(half)
    window.look(counts(0, 0))
    expect(window.look(counts(20, 180), 16).split).toMatchObject({ status: 'fail', purchases: 200 })
  })

  test('takes everything as new after a reset', () => {
    const window = createFreshWindow(half)
    window.look(counts(5000, 100))
    expect(window.look(counts(40, 45)).counts).toMatchObject({ bought: 85 })
  })

  test('counts a version that nobody declared against the split', () => {
    const window = createFreshWindow(half)
    window.look(counts(0, 0))
    const now = {
      ...counts(10, 10),
      bought: 21,
      byVersion: { 'bookstore-v1': 10, 'bookstore-v2': 10, 'bookstore-v3': 1 }
    }
    expect(window.look(now).split?.status).toBe('fail')
  })

  test('judges access by attempts that got an answer', () => {
    const window = createFreshWindow({ ...half, split: null, access: 'denied' })
    window.look(counts(7, 0))
    expect(window.look(counts(7, 0, { denied: 100, failed: 50 })).access?.status).toBe('pass')
    expect(window.look(counts(8, 0, { denied: 100, failed: 50 })).access?.status).toBe('fail')
  })
})
