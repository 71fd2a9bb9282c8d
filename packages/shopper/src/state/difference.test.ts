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
  expect(look(at(10.5, 'b', 'c'))).toMatchObject({ removed: ['a'], added: ['b', 'c'] })
  expect(look(at(11.4, 'b', 'c', 'd'))).toMatchObject({ removed: ['a'], added: ['b', 'c', 'd'] })
  expect(look(at(13, 'b'))).toMatchObject({ removed: ['c', 'd'], added: [] })
})

test('a change that takes another one back is one of its own, however soon it comes', () => {
  const look = createDifferences()
  look(at(0, 'open'))
  expect(look(at(10, 'shut'))).toMatchObject({ removed: ['open'], added: ['shut'] })
  expect(look(at(10.5, 'open'))).toMatchObject({ removed: ['shut'], added: ['open'] })
})
