import { expect, test } from 'vitest'
import { keptBy } from './kept-by.ts'

test('makes one for each key, and the same again', () => {
  const rowOf = keptBy((shelf: string) => ({ shelf }))
  expect(rowOf('oak')).toEqual({ shelf: 'oak' })
  expect(rowOf('oak')).toBe(rowOf('oak'))
  expect(rowOf('ash')).not.toBe(rowOf('oak'))
})
