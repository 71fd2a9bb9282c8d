import { expect, test } from 'vitest'
import { headerRecord, withHost } from './headers.ts'

const pairs: [string, string][] = [
  ['User-Agent', 'a'],
  ['X-Two', 'b']
]

test.each([
  ['an object', { 'User-Agent': 'a', 'X-Two': 'b', none: undefined }],
  ['a flat list', pairs.flat()],
  ['pairs', pairs],
  ['an iterable', new Map(pairs)]
])('reads %s', (_, headers) => {
  expect(headerRecord(headers, 'shop:1')).toEqual({
    host: 'shop:1',
    'user-agent': 'a',
    'x-two': 'b'
  })
  expect(withHost(headers, 'shop:1')).toEqual(['host', 'shop:1', 'user-agent', 'a', 'x-two', 'b'])
})

test('keeps a host that the client set, and all values of a list', () => {
  const headers = { Host: 'own', 'x-many': ['1', '2'] }
  expect(headerRecord(headers, 'shop:1')).toEqual({ host: 'own', 'x-many': '1,2' })
  expect(withHost(headers, 'shop:1')).toEqual(['host', 'own', 'x-many', '1', 'x-many', '2'])
})

test('reads no headers', () => {
  expect(headerRecord(null, 'h')).toEqual({ host: 'h' })
  expect(withHost(undefined, 'h')).toEqual(['host', 'h'])
})
