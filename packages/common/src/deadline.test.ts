import { getEventListeners, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDeadlines } from './deadline.ts'

test('tells after its time, with a TimeoutError that says how long', async () => {
  const { abort } = createDeadlines(10)()
  // the timer alone keeps no program running
  const awake = setInterval(() => undefined, 1_000)
  await once(abort, 'abort')
  expect(abort.reason).toMatchObject({ name: 'TimeoutError', message: 'no answer within 10 ms' })
  clearInterval(awake)
})

test('tell with their signal, all of them, and one that has fired already lets none begin', () => {
  const stop = new AbortController()
  const start = createDeadlines(60_000)
  const deadlines = [start(stop.signal), start(stop.signal)]
  stop.abort('stop')
  expect(deadlines.map(({ abort }) => abort.reason)).toEqual(['stop', 'stop'])
  expect(() => start(stop.signal)).toThrow('stop')
})

test('follow a signal by one listener, for as long as there is work', () => {
  const { signal } = new AbortController()
  const start = createDeadlines(60_000)
  const listeners = () => getEventListeners(signal, 'abort').length
  const [first, second] = [start(signal), start(signal)]
  expect(listeners()).toBe(1)
  first.end()
  expect(listeners()).toBe(1)
  second.end()
  expect(listeners()).toBe(0)
})

test('never tells once it was ended', async () => {
  const stop = new AbortController()
  const ended = createDeadlines(5)(stop.signal)
  ended.end()
  stop.abort('stop')
  await sleep(30)
  expect(ended.abort.reason).toBeUndefined()
})
