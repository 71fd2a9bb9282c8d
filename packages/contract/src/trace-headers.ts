import type { Headers } from './headers.ts'

/** Tracing headers that a service passes on and echoes: the original's six, W3C's two, and the rest of B3. */
export const TRACE_HEADERS = [
  'x-ot-span-context',
  'x-request-id',
  'uber-trace-id',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'b3',
  'traceparent',
  'tracestate'
] as const

/** Those tracing headers that are present, as they came. */
export function pickTraceHeaders(headers: Headers): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of TRACE_HEADERS) {
    const value = headers[name]
    if (typeof value === 'string' && value !== '') picked[name] = value
  }
  return picked
}
