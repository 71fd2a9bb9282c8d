import { expect, test } from 'vitest'
import type { Attempt } from './attempt.ts'
import { createBurst } from './burst.ts'
import { type Iteration, shop } from './loop.ts'

const options = (signal: AbortSignal, seen: Iteration[], stopAt: number, stop: () => void) => ({
  paceMs: 0,
  maxIterations: 3,
  visit: async () => [],
  onIteration(iteration: Iteration) {
    seen.push(iteration)
    if (seen.length >= stopAt) stop()
  },
  signal
})

test('iterations are numbered over all workers, and those over the allowed number say so', async () => {
  const controller = new AbortController()
  const seen: Iteration[] = []
  const stop = () => controller.abort()
  await shop({ ...options(controller.signal, seen, 6, stop), concurrency: 2 })
  const numbers = seen.map(({ number }) => number)
  expect(numbers.slice(0, 6)).toEqual([1, 2, 3, 4, 5, 6])
  expect(seen.filter(({ isOverBudget }) => isOverBudget).map(({ number }) => number)).toEqual(numbers.slice(3))
})

test('as many visits are under way as there are workers', async () => {
  const controller = new AbortController()
  let active = 0
  let most = 0
  await shop({
    ...options(controller.signal, [], 20, () => controller.abort()),
    concurrency: 3,
    async visit() {
      most = Math.max(most, ++active)
      await new Promise(resolve => setImmediate(resolve))
      active--
      return []
    }
  })
  expect(most).toBe(3)
})

test('a fault of our own ends the loop instead of spinning', async () => {
  const { signal } = new AbortController()
  const visit = () => Promise.reject(new Error('a defect'))
  const shopping = shop({ ...options(signal, [], 1, () => undefined), concurrency: 1, visit })
  await expect(shopping).rejects.toThrow('a defect')
})

const sale: Attempt = {
  url: 'http://store/',
  outcome: { kind: 'bought', version: 'bookstore-v1' },
  answer: {
    status: 200,
    headers: { identity: 'bookstore-v1', 'bookstore-instance': 'one' },
    body: '',
    elapsedMs: 1,
    connectionsSince: 0
  },
  error: undefined,
  at: 0
}

test('a burst buys exactly as many as asked, and only one runs at a time', async () => {
  let bought = 0
  const burst = createBurst(async () => {
    bought++
    return sale
  }, new AbortController().signal)
  expect(burst.progress()).toBeNull()
  const first = burst.start({ purchases: 100, concurrency: 7 })
  expect(burst.start({ purchases: 1, concurrency: 1 })).toBeUndefined()
  await first
  expect(bought).toBe(100)
  expect(burst.progress()).toEqual({ running: false, done: 100, total: 100 })
  expect(burst.attempts()).toHaveLength(100)
  expect(burst.attempts()[0]).toMatchObject({
    status: 200,
    outcome: 'bought',
    version: 'bookstore-v1',
    instance: 'one'
  })
  await burst.start({ purchases: 2, concurrency: 64 })
  expect(bought).toBe(102)
})

test('a burst ends with the program', async () => {
  const controller = new AbortController()
  const burst = createBurst(async () => {
    controller.abort()
    return sale
  }, controller.signal)
  await burst.start({ purchases: 1000, concurrency: 2 })
  expect(burst.progress()?.done).toBeLessThanOrEqual(2)
})
