import { createSplitMonitor } from '@bookstore/verdict'
import { expect, test } from 'vitest'
import { createInOrder } from './in-order.ts'

test('what ends in any order is given in the order in which it began', () => {
  const given: string[] = []
  const order = createInOrder<string>(value => given.push(value))
  const [a, b, c, d] = [order.begin(), order.begin(), order.begin(), order.begin()]
  order.end(c, 'c')
  order.end(b, undefined)
  expect(given).toEqual([])
  order.end(a, 'a')
  expect(given).toEqual(['a', 'c'])
  order.end(d, 'd')
  expect(given).toEqual(['a', 'c', 'd'])
})

test('what began before it was forgotten gives nothing, and what begins after is not held up by it', () => {
  const given: string[] = []
  const order = createInOrder<string>(value => given.push(value))
  const lost = order.begin()
  order.forget()
  const kept = order.begin()
  order.end(kept, 'kept')
  order.end(lost, 'lost')
  expect(given).toEqual(['kept'])
})

test('a store that pauses raises no alarm on a correct split, which it would in the order of the answers', () => {
  const alarms = { sent: 0, answered: 0 }
  for (let seed = 1; seed <= 40; seed++) {
    const bySending = createSplitMonitor({ declared: { v1: 0.5, v2: 0.5 } })
    const byAnswer = createSplitMonitor({ declared: { v1: 0.5, v2: 0.5 } })
    const order = createInOrder<string>(version => bySending.observe(version))
    const random = mulberry32(seed)
    const paused: number[] = []
    for (let at = 0; at < 60; at++) {
      const ticket = order.begin()
      if (random() < 0.5) {
        paused.push(ticket)
        continue
      }
      byAnswer.observe('v1')
      order.end(ticket, 'v1')
    }
    for (const ticket of paused) {
      byAnswer.observe('v2')
      order.end(ticket, 'v2')
    }
    if (bySending.alarmAt !== null) alarms.sent++
    if (byAnswer.alarmAt !== null) alarms.answered++
  }
  expect(alarms.sent).toBe(0)
  expect(alarms.answered).toBeGreaterThan(20)
})

/** Mulberry32 by Tommy Ettinger, public domain: a small generator whose sequence a seed decides. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
