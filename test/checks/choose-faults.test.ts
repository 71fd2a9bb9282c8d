import { expect, test } from 'vitest'
import { chooseFaults } from '../faults/choose-faults.ts'

const faults = { others: [{ name: 'kill a store' }, { name: 'no network' }], disk: [{ name: 'a full disk' }] }
const cannot = () => false
const mustNotAsk = () => {
  throw new Error('nobody chose the disk')
}

test('all faults are chosen, those of the disk where it can be mounted', () => {
  expect(chooseFaults(faults, [], () => true)).toEqual(['kill a store', 'no network', 'a full disk'])
  expect(chooseFaults(faults, [], cannot)).toEqual(['kill a store', 'no network'])
  expect(chooseFaults(faults, ['full'], cannot)).toEqual([])
})

test('a word that names none is refused before anything is asked of the machine', () => {
  expect(() => chooseFaults(faults, ['nosuch'], mustNotAsk)).toThrow(
    /^expected a word of the name of a fault, got "nosuch"; the faults are\n {2}kill a store\n.* {2}a full disk\n$/s
  )
  expect(chooseFaults(faults, ['kill'], mustNotAsk)).toEqual(['kill a store'])
})
