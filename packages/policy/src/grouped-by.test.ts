import { describe, expect, test, vi } from 'vitest'
import { groupedBy } from './grouped-by.ts'

describe('groups of a list', () => {
  const byLetters = groupedBy<string>(word => word.split(''))

  test('hold the members with a key, once each and in the order of the list', () => {
    const words = ['bab', 'cd', 'ab']
    expect(byLetters(words, 'b')).toEqual(['bab', 'ab'])
    expect(byLetters(words, 'z')).toEqual([])
  })

  test('are those of the list that was asked about', () => {
    expect(byLetters(['a'], 'a')).toEqual(['a'])
    expect(byLetters(['ba'], 'a')).toEqual(['ba'])
  })

  test('are made once for a list', () => {
    const keysOf = vi.fn((word: string) => [word])
    const find = groupedBy(keysOf)
    const words = ['a', 'b']
    find(words, 'a')
    find(words, 'b')
    expect(keysOf).toHaveBeenCalledTimes(2)
  })
})
