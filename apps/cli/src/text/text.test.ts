import { describe, expect, test } from 'vitest'
import { formatDuration, parseDuration } from './duration.ts'
import { columns, table } from './table.ts'

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['10', 10_000],
    ['0s', 0]
  ])('%s are %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  test.each(['', 's', '-1s', '1e3', '10 s', '25h', '1d', 'soon'])('%j is refused by name', text => {
    expect(() => parseDuration(text)).toThrow(`got "${text}"`)
  })

  test('are written with their unit', () => {
    expect(formatDuration(143.4)).toBe('143 ms')
    expect(formatDuration(2810)).toBe('2.8 s')
    expect(formatDuration(60_000)).toBe('60 s')
  })
})

describe('a table', () => {
  test('aligns numbers to the right and words to the left', () => {
    const rows = [
      ['bookstore-v1', '9'],
      ['v2', '1000']
    ]
    expect(table(['version', 'count'], rows).split('\n')).toEqual([
      'version       count',
      'bookstore-v1      9',
      'v2             1000'
    ])
  })

  test('has no spaces at the end of its lines, and a missing cell is empty', () => {
    expect(columns([['a', 'bb'], ['ccc']])).toBe('a    bb\nccc')
  })
})
