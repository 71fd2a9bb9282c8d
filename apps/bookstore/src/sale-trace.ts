import { pickTraceHeaders } from '@bookstore/contract'
import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api'

/** The trace of a sale, to be carried on by its restock. */
export interface SaleTrace {
  readonly headers: Readonly<Record<string, string>>
  /** Calls `send` inside the span of the sale. */
  run<T>(send: () => T): T
}

/** For restocks whose sale is not known any more, because the store was started anew. */
export const NO_TRACE: SaleTrace = { headers: {}, run: send => context.with(ROOT_CONTEXT, send) }

/**
 * The trace of the request that is being served.
 * Headers that a running tracing SDK writes by itself are left to it: undici's instrumentation appends them, and a
 * second `traceparent` is no trace at all.
 */
export function captureTrace(requestHeaders: Readonly<Record<string, string | string[] | undefined>>): SaleTrace {
  const span = context.active()
  const headers = pickTraceHeaders(requestHeaders)
  for (const name of propagation.fields()) delete headers[name]
  return { headers, run: send => context.with(span, send) }
}
