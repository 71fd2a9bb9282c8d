import { expect, test } from 'vitest'
import type { Attempt } from '../shopping/attempt.ts'
import { createRequestSample } from './request-sample.ts'

const attempt = (at: number, outcome: Attempt['outcome']): Attempt => ({
  url: '',
  outcome,
  answer: undefined,
  error: undefined,
  at
})
const bought = { kind: 'bought', version: 'bookstore-v1' } as const

test('ten requests a second are all shown, with what came of them', () => {
  const sample = createRequestSample()
  for (let at = 0; at < 1000; at += 100) sample.record(attempt(at, bought))
  sample.record(attempt(1000, { kind: 'denied', how: '403' }))
  const seen = sample.read(1000)
  expect(seen).toHaveLength(11)
  expect(seen.at(-1)).toEqual({ n: 11, at: 1000, kind: 'denied' })
  expect(seen[0]).toEqual({ n: 1, at: 0, kind: 'bought', version: 'bookstore-v1' })
})

test('of a burst twenty a second are, and old ones go', () => {
  const sample = createRequestSample()
  for (let at = 0; at < 10_000; at += 2) sample.record(attempt(at, bought))
  expect(sample.read(9_999)).toHaveLength(50)
  expect(sample.read(20_000)).toEqual([])
})
