import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDeadlines } from './deadline.ts'

test('tells after its time, with a TimeoutError that says how long', async () => {
  // the timer alone keeps no program running
  const awake = setInterval(() => undefined, 1_000)
  const told = await new Promise(tell => createDeadlines(10)(tell))
  expect(told).toMatchObject({ name: 'TimeoutError', message: 'no answer within 10 ms' })
  clearInterval(awake)
})

test('tell with their signal, all of them, and one that has fired already lets none begin', () => {
  const stop = new AbortController()
  const start = createDeadlines(60_000)
  const told: Error[] = []
  for (const _ of [1, 2]) start(reason => told.push(reason), stop.signal)
  const reason = new Error('stop')
  stop.abort(reason)
  expect(told).toEqual([reason, reason])
  expect(() => start(() => undefined, stop.signal)).toThrow('stop')
})

test('a reason that is no error becomes one', () => {
  const stop = new AbortController()
  const told: Error[] = []
  createDeadlines(60_000)(reason => told.push(reason), stop.signal)
  stop.abort('stop')
  expect(told).toEqual([new Error('stop')])
})

test('follow a signal by one listener, for as long as there is work', () => {
  const { signal } = new AbortController()
  const start = createDeadlines(60_000)
  const listeners = () => getEventListeners(signal, 'abort').length
  const [endFirst, endSecond] = [start(() => undefined, signal), start(() => undefined, signal)]
  expect(listeners()).toBe(1)
  endFirst()
  expect(listeners()).toBe(1)
  endSecond()
  expect(listeners()).toBe(0)
})

test('never tells once it was ended', async () => {
  const stop = new AbortController()
  const told: Error[] = []
  const end = createDeadlines(5)(reason => told.push(reason), stop.signal)
  end()
  stop.abort(new Error('stop'))
  await sleep(30)
  expect(told).toEqual([])
})
