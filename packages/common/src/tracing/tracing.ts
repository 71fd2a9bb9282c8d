/** Attributes of a span, under the names of OpenTelemetry's semantic conventions where those have one. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>

/** A place in a trace that spans can be children of, or linked to. */
export interface TraceContext {
  readonly traceId: string
  readonly spanId: string
  /** Whether the trace is kept: what is not needs no attributes. */
  readonly isSampled: boolean
}

/** Something that has begun and takes time. */
export interface TraceSpan extends TraceContext {
  set(attributes: SpanAttributes): void
  /** Marks it as failed; `type` is a word for machines, such as an error code. */
  fail(type: string, message?: string): void
  /** Ends it now, or at `time` (ms since the epoch). */
  end(time?: number): void
}

/** How a span begins. */
export interface SpanStart {
  readonly name: string
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  /** Without one the span begins a trace. */
  readonly parent?: TraceContext | undefined
  readonly links?: readonly TraceContext[]
  readonly attributes?: SpanAttributes
  /** Milliseconds since the epoch; now when left out. */
  readonly startTime?: number
}

/**
 * Makes spans. Where nothing is traced there is none of it, nothing of OpenTelemetry is loaded, and all that a request
 * costs is a look whether there is one. Contexts are passed on by hand and not by AsyncLocalStorage: that and the
 * instrumentations of node:http and undici took half of a store's throughput.
 */
export interface Tracing {
  start(span: SpanStart): TraceSpan
  /** Where a request comes from by its headers; undefined when they name no trace. */
  extract(headers: Readonly<Record<string, string | string[] | undefined>>): TraceContext | undefined
  /** The headers by which `context` travels. */
  inject(context: TraceContext): Record<string, string>
  /** Sends what is left, for at most two seconds; what cannot be sent is told in the log and is no error. */
  shutdown(): Promise<void>
}

/** Headers by which a context travels: they are written anew by who traces, and passed on as they are by who does not. */
export const CONTEXT_HEADERS: readonly string[] = [
  'traceparent',
  'tracestate',
  'baggage',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags'
]

/** Most links of a span; OpenTelemetry's own limit. */
export const MOST_LINKS = 128
