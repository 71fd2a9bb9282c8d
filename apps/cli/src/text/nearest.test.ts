import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

const commands = ['verify', 'verdict', 'apply', 'up']

test.each([
  ['verfy', 'verify'],
  ['VERIFY', 'verify'],
  ['aply', 'apply'],
  ['verdcit', 'verdict'],
  ['u', 'up'],
  ['frobnicate', undefined],
  ['', undefined]
])('%j may mean %j', (word, meant) => {
  expect(nearest(word, commands)).toBe(meant)
})
