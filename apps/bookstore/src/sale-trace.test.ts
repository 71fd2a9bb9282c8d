import type { SpanStart, TraceContext, Tracing } from '@bookstore/common'
import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { captureTrace, traceBatch } from './sale-trace.ts'

const HEADERS = {
  'x-request-id': 'r-1',
  'uber-trace-id': 'u-1',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  b3: '80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1',
  'x-b3-traceid': '80f198ee56343ba864fe8b2a57d3eff7'
}

/** Tracing that only remembers what it was asked for. */
function fakeTracing() {
  const started: SpanStart[] = []
  const nothing = () => undefined
  const tracing: Tracing = {
    start(span) {
      started.push(span)
      return { ...place(`made-${started.length}`), set: nothing, fail: nothing, end: nothing }
    },
    extract: nothing,
    inject: () => ({}),
    shutdown: async () => undefined
  }
  return { tracing, started }
}

function place(spanId: string, isSampled = true): TraceContext {
  return { traceId: 't', spanId, isSampled }
}

function sale(spanId: string, isSampled = true) {
  return captureTrace({ headers: HEADERS, span: place(spanId, isSampled) } as unknown as FastifyRequest)
}

const BATCH = { key: 'k', amount: 3 }

test('without tracing a restock repeats all tracing headers of its newest sale', () => {
  expect(traceBatch(BATCH, [sale('a')], undefined)).toEqual({ headers: HEADERS })
})

test('with tracing the headers of a context are not repeated, which would be stale', () => {
  const { headers } = traceBatch(BATCH, [sale('a')], fakeTracing().tracing)
  expect(headers).toEqual({ 'x-request-id': 'r-1', 'uber-trace-id': 'u-1' })
})

test('a batch goes on in the trace of its newest sale, and is linked to the others', () => {
  const { tracing, started } = fakeTracing()
  traceBatch(BATCH, [sale('a'), sale('b'), sale('c')], tracing)
  expect(started.map(({ kind, parent }) => [kind, parent?.spanId])).toEqual([
    ['producer', 'a'],
    ['producer', 'b'],
    ['producer', 'c'],
    ['consumer', 'made-3']
  ])
  expect(started.at(-1)?.links?.map(({ spanId }) => spanId)).toEqual(['made-1', 'made-2'])
})

test('of a thousand sales the newest 128 are linked, beside the parent', () => {
  const { tracing, started } = fakeTracing()
  const sales = Array.from({ length: 1_000 }, (_, index) => sale(`${index}`))
  traceBatch({ key: 'k', amount: 1_000 }, sales, tracing)
  expect(started.at(-1)?.links).toHaveLength(128)
  expect(started.filter(({ kind }) => kind === 'producer').map(({ parent }) => parent?.spanId)[0]).toBe('871')
})

test('sales whose traces are not kept have no producer and no link', () => {
  const { tracing, started } = fakeTracing()
  traceBatch(BATCH, [sale('a'), sale('b', false)], tracing)
  expect(started.map(({ kind, parent }) => [kind, parent?.spanId])).toEqual([
    ['producer', 'a'],
    ['consumer', 'b']
  ])
  expect(started.at(-1)?.links).toHaveLength(1)
})
