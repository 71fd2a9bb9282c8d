import { expect, test } from 'vitest'
import { boundedHeader } from './identity.ts'
import { pickTraceHeaders } from './trace-headers.ts'

test('a header from the wire is cut and made printable', () => {
  expect(boundedHeader(`a\u0000é${'x'.repeat(500)}`, { maxLength: 6 })).toBe('a??xxx')
  expect(boundedHeader(['a', 'b'])).toBe('a, b')
})

test('a header that is absent or empty is nothing', () => {
  expect(boundedHeader(undefined)).toBeUndefined()
  expect(boundedHeader('  ')).toBeUndefined()
})

test('tracing headers are picked as they came, others are not', () => {
  const headers = { 'x-request-id': 'r', traceparent: '00-a-b-01', cookie: 'secret', b3: '' }
  expect(pickTraceHeaders(headers)).toEqual({ 'x-request-id': 'r', traceparent: '00-a-b-01' })
})
