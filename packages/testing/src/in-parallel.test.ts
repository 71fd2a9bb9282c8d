import { expect, test } from 'vitest'
import { inParallel } from './in-parallel.ts'

test('gives every result in order and never runs more than allowed', async () => {
  let running = 0
  let most = 0
  const results = await inParallel({ total: 20, concurrency: 3 }, async index => {
    most = Math.max(most, ++running)
    await Promise.resolve()
    running--
    return index * 2
  })
  expect(results).toEqual(Array.from({ length: 20 }, (_, index) => index * 2))
  expect(most).toBe(3)
})

test('stops at the first failure', async () => {
  let started = 0
  const work = async (index: number) => {
    started++
    if (index === 2) throw new Error('third')
  }
  await expect(inParallel({ total: 100, concurrency: 1 }, work)).rejects.toThrow('third')
  expect(started).toBe(3)
})
