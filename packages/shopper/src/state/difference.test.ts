import { expect, test } from 'vitest'
import { createDifferences } from './difference.ts'

const at = (second: number, ...lines: readonly string[]) => ({
  at: new Date(second * 1000).toISOString(),
  text: `second ${second}`,
  lines
})

test('tells nothing before a change, and then what it took and brought', () => {
  const look = createDifferences()
  expect(look(at(0, 'a', 'b'))).toBeNull()
  expect(look(at(0, 'a', 'b'))).toBeNull()
  expect(look(at(9, 'b', 'c'))).toMatchObject({ text: 'second 9', removed: ['a'], added: ['c'] })
})

test('objects that come one after the other are one change; a later one is another', () => {
  const look = createDifferences()
  look(at(0, 'a'))
  look(at(10, 'b'))
  expect(look(at(12, 'b', 'c'))).toMatchObject({ removed: ['a'], added: ['b', 'c'] })
  expect(look(at(20, 'b'))).toMatchObject({ removed: ['c'], added: [] })
})
