import { expect, test } from 'vitest'
import { pickTraceHeaders } from './trace-headers.ts'

test('tracing headers are picked as they came, others are not', () => {
  const headers = { 'x-request-id': 'r', traceparent: '00-a-b-01', cookie: 'secret', b3: '' }
  expect(pickTraceHeaders(headers)).toEqual({ 'x-request-id': 'r', traceparent: '00-a-b-01' })
})

test('all tracing headers of the contract are among them', () => {
  const original = {
    'x-ot-span-context': '1',
    'x-request-id': '2',
    'uber-trace-id': '3',
    'x-b3-traceid': '4',
    'x-b3-spanid': '5',
    'x-b3-parentspanid': '6'
  }
  const ours = {
    traceparent: '7',
    tracestate: '8',
    b3: '9',
    'x-b3-sampled': '1',
    'x-b3-flags': '1'
  }
  expect(pickTraceHeaders({ ...original, ...ours })).toEqual({ ...original, ...ours })
})
