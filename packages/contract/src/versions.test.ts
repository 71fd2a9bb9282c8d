import { expect, test } from 'vitest'
import { normalizeVersion, versionOfIdentity } from './versions.ts'

test('v1, V1 and bookstore-v1 mean the same', () => {
  expect(normalizeVersion('V1')).toBe('bookstore-v1')
  expect(normalizeVersion('v1')).toBe('bookstore-v1')
  expect(normalizeVersion('bookstore-v1')).toBe('bookstore-v1')
})

test('other names stay as they are', () => {
  expect(normalizeVersion('v1beta')).toBe('v1beta')
  expect(normalizeVersion('stable')).toBe('stable')
})

test.each([
  ['bookstore-v1', 'bookstore-v1'],
  ['bookstore-v1-6c9f-abc', 'bookstore-v1'],
  ['bookstore-v10', 'bookstore-v10'],
  ['bookstore-v10-pod', 'bookstore-v10']
])('the version of the identity %s is %s', (identity, version) => {
  expect(versionOfIdentity(identity)).toBe(version)
})

test.each(['', 'bookstore', 'unidentified', 'my-bookstore-v1', 'bookstore-vX', `bookstore-v${'1'.repeat(80)}`])(
  'the identity "%s" names no version',
  identity => {
    expect(versionOfIdentity(identity)).toBeUndefined()
  }
)
