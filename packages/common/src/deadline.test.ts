import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startDeadline } from './deadline.ts'

const aborted = (signal: AbortSignal) =>
  new Promise<unknown>(resolve => signal.addEventListener('abort', () => resolve(signal.reason), { once: true }))

test('fires after its time, with a TimeoutError that says how long', async () => {
  const { signal } = startDeadline(10)
  // the timer alone keeps no program running
  const awake = setInterval(() => undefined, 1_000)
  expect(await aborted(signal)).toMatchObject({ name: 'TimeoutError', message: 'no answer within 10 ms' })
  clearInterval(awake)
})

test('fires with the other signal, also with one that has fired already', async () => {
  const stop = new AbortController()
  const { signal } = startDeadline(60_000, stop.signal)
  const reason = aborted(signal)
  stop.abort('stop')
  expect(await reason).toBe('stop')
  expect(startDeadline(60_000, stop.signal).signal.reason).toBe('stop')
})

test('never fires once it was ended', async () => {
  const stop = new AbortController()
  const ended = startDeadline(5, stop.signal)
  ended.end()
  stop.abort('stop')
  await sleep(30)
  expect(ended.signal.aborted).toBe(false)
})
