import { expect, test } from 'vitest'
import { idempotencyKeyHeader, readIdempotencyKey } from './idempotency-key.ts'

test('no header is no key', () => {
  expect(readIdempotencyKey({})).toBeUndefined()
})

test.each([
  ['plain', 'plain'],
  ['"quoted"', 'quoted'],
  [String.raw`"a \"b\" \\ c"`, String.raw`a "b" \ c`],
  ['x'.repeat(255), 'x'.repeat(255)]
])('%s means the key %s', (header, key) => {
  expect(readIdempotencyKey({ 'idempotency-key': header })).toBe(key)
})

test.each(['', '""', '"open', '"a"b"', String.raw`"\x"`, 'é', 'a\u0000', 'x'.repeat(256)])('refuses %j', header => {
  expect(() => readIdempotencyKey({ 'idempotency-key': header })).toThrow(RangeError)
})

test('what is written is read back', () => {
  expect(readIdempotencyKey(idempotencyKeyHeader('a key'))).toBe('a key')
})
