import { expect, test } from 'vitest'
import { boundedHeader } from './headers.ts'

test('a header from the wire is cut and made printable', () => {
  expect(boundedHeader(`a\u0000é${'x'.repeat(500)}`, { maxLength: 6 })).toBe('a??xxx')
  expect(boundedHeader(['a', 'b'])).toBe('a, b')
})

test('a header that is absent or empty is nothing', () => {
  expect(boundedHeader(undefined)).toBeUndefined()
  expect(boundedHeader('  ')).toBeUndefined()
})
