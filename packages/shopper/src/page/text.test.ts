import { describe, expect, test } from 'vitest'
import { ago, count, milliseconds, sentence, timeOfDay, weightsText } from './text.ts'

const NOW = '2026-11-23T08:30:00.000Z'

test('one is singular, everything else plural', () => {
  expect([0, 1, 4418].map(number => count(number, 'purchase'))).toEqual([
    '0 purchases',
    '1 purchase',
    '4,418 purchases'
  ])
})

test('an answer time has the unit a person would choose', () => {
  expect([0.84, 12.4, 1540].map(milliseconds)).toEqual(['0.8 ms', '12 ms', '1.5 s'])
})

describe('how long ago', () => {
  test.each([
    ['2026-11-23T08:29:59.700Z', 'just now'],
    ['2026-11-23T08:29:48.000Z', '12 s ago'],
    ['2026-11-23T08:26:40.000Z', '3 min ago'],
    ['2026-11-23T05:30:00.000Z', '3 h ago'],
    ['2026-11-23T08:30:05.000Z', 'just now'],
    ['yesterday', 'just now']
  ])('%s is %s', (at, words) => {
    expect(ago(at, NOW)).toBe(words)
  })
})

test('a time of day says its zone, and what is no date stays as it is', () => {
  expect([NOW, 'soon'].map(timeOfDay)).toEqual(['08:30:00 UTC', 'soon'])
})

test('weights are written as the form takes them', () => {
  expect(weightsText({ 'bookstore-v1': 1 / 3, 'bookstore-v2': 2 / 3 })).toBe('bookstore-v1=33.333,bookstore-v2=66.667')
})

test('a clause becomes a sentence, and a name at its beginning stays a name', () => {
  expect(['matches 50/50', 'bookstore-v2 is silent.', 'Done!'].map(sentence)).toEqual([
    'Matches 50/50.',
    'bookstore-v2 is silent.',
    'Done!'
  ])
})
