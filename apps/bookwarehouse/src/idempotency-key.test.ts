import { expect, test } from 'vitest'
import { readIdempotencyKey } from './idempotency-key.ts'

test('no header is no key', () => {
  expect(readIdempotencyKey(undefined)).toBeUndefined()
})

test.each([
  ['plain', 'plain'],
  ['"quoted"', 'quoted'],
  [String.raw`"a \"b\" \\ c"`, String.raw`a "b" \ c`],
  ['x'.repeat(255), 'x'.repeat(255)]
])('%s means the key %s', (header, key) => {
  expect(readIdempotencyKey(header)).toBe(key)
})

test.each(['', '""', '"open', '"a"b"', String.raw`"\x"`, 'é', 'a\u0000', 'x'.repeat(256)])(
  'refuses %j',
  header => {
    expect(() => readIdempotencyKey(header)).toThrow(expect.objectContaining({ statusCode: 400 }))
  }
)
