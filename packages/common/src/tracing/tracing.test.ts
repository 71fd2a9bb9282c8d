import { describe, expect, test, vi } from 'vitest'
import type { Episodes } from '../episodes.ts'
import { openTracing } from './open-tracing.ts'
import { readTracingConfig } from './tracing-config.ts'

const W3C = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' }
const B3 = { trace: '80f198ee56343ba864fe8b2a57d3eff7', span: 'e457b5a2e4d86bd1' }
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }
const episodes: Episodes = { note: () => undefined, tick: () => undefined }

async function tracing(env: Readonly<Record<string, string>> = {}) {
  const opened = await openTracing({ ...ENDPOINT, ...env }, { app: 'bookstore', identity: 'bookstore-v1', episodes })
  if (opened === undefined) throw new Error('expected tracing, got none')
  return opened
}

describe('headers', () => {
  const single = { b3: `${B3.trace}-${B3.span}-1` }
  const multi = { 'x-b3-traceid': B3.trace, 'x-b3-spanid': B3.span, 'x-b3-sampled': '1' }
  const w3c = { traceparent: `00-${W3C.trace}-${W3C.span}-01` }

  test.each([
    ['W3C', w3c, W3C],
    ['a single b3', single, B3],
    ['B3 in many headers', multi, B3],
    ['W3C where the two differ', { ...multi, ...w3c }, W3C],
    ['W3C where a single b3 differs', { ...single, ...w3c }, W3C]
  ])('a context is read from %s', async (_name, headers, { trace, span }) => {
    const read = (await tracing()).extract(headers)
    expect(read).toMatchObject({ traceId: trace, spanId: span, isSampled: true })
  })

  test.each([[{}], [{ traceparent: 'nonsense' }], [{ b3: 'x' }]])('no context is read from %j', async headers => {
    expect((await tracing()).extract(headers)).toBeUndefined()
  })

  test('a context is written in W3C and in B3', async () => {
    const { start, inject } = await tracing()
    const span = start({ name: 'x', kind: 'internal' })
    expect(inject(span)).toEqual({
      traceparent: `00-${span.traceId}-${span.spanId}-01`,
      'x-b3-traceid': span.traceId,
      'x-b3-spanid': span.spanId,
      'x-b3-sampled': '1'
    })
  })

  test('OTEL_PROPAGATORS chooses the families', async () => {
    const { start, inject } = await tracing({ OTEL_PROPAGATORS: 'b3' })
    expect(Object.keys(inject(start({ name: 'x', kind: 'internal' })))).toEqual(['b3'])
  })
})

describe('spans', () => {
  test('a child stands in the trace of its parent, and without one a trace begins', async () => {
    const { start } = await tracing()
    const parent = start({ name: 'a', kind: 'internal' })
    const child = start({ name: 'b', kind: 'client', parent })
    const other = start({ name: 'c', kind: 'internal' })
    expect(child.traceId).toBe(parent.traceId)
    expect(child.spanId).not.toBe(parent.spanId)
    expect(other.traceId).not.toBe(parent.traceId)
  })

  test.each([
    ['always_on', true],
    ['parentbased_traceidratio', true],
    ['parentbased_always_off', true],
    ['parentbased_always_on', true]
  ])('under %s a request of a kept trace is kept: %s', async (sampler, isKept) => {
    const { start, extract } = await tracing({ OTEL_TRACES_SAMPLER: sampler })
    const parent = extract({ traceparent: `00-${W3C.trace}-${W3C.span}-01` })
    expect(start({ name: 'x', kind: 'server', parent }).isSampled).toBe(isKept)
  })
})

describe('settings', () => {
  test.each([
    [{}],
    [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }],
    [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
    [{ ...ENDPOINT, OTEL_TRACES_SAMPLER: 'always_off' }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }]
  ])('nothing is traced with %j', env => {
    expect(readTracingConfig(env)).toBeUndefined()
  })

  test('all that cannot be read is told at once', () => {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'udp',
      OTEL_TRACES_SAMPLER: 'sometimes',
      OTEL_TRACES_SAMPLER_ARG: '2',
      OTEL_PROPAGATORS: 'b3,pigeon'
    }
    const names = Object.keys(env)
    const told = vi.fn()
    try {
      readTracingConfig(env)
    } catch (error) {
      told((error as Error).message.split('\n').map(line => line.split(':')[0]))
    }
    expect(told.mock.calls[0]?.[0].toSorted()).toEqual(names.toSorted())
  })
})
