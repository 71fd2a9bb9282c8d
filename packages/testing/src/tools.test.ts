import { expect, test } from 'vitest'
import { findProgram, requireTool } from './tools.ts'

const missing = { name: 'a press', isThere: false, hint: 'buy a press' }

test('a tool that is there may be used', () => {
  expect(requireTool({ ...missing, isThere: true, isMandatory: true })).toBe(true)
})

test('a missing tool skips the tests', () => {
  expect(requireTool({ ...missing, isMandatory: false })).toBe(false)
})

test('a missing tool is a failure where it is mandatory', () => {
  expect(() => requireTool({ ...missing, isMandatory: true })).toThrow(
    'a press is needed for these tests and was not found: buy a press'
  )
})

test('finds a program that every system has and none that nobody has', () => {
  expect(findProgram('sh')).toMatch(/\/sh$/)
  expect(findProgram('no-such-program-here')).toBeUndefined()
})
