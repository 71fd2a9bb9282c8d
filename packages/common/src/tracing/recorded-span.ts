import {
  type Attributes,
  type Context,
  type HrTime,
  type Link,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace
} from '@opentelemetry/api'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace'
import type { SpanAttributes, SpanStart, TraceContext, TraceSpan } from './tracing.ts'

/** A place in a trace with OpenTelemetry's own idea of it. */
export interface Placed extends TraceContext {
  readonly context: Context
}

/** Who makes spans, and what becomes of them when they end. */
export type SpanOrigin = Pick<ReadableSpan, 'resource' | 'instrumentationScope'> & Pick<SpanProcessor, 'onEnd'>

export interface RecordedSpanOptions {
  readonly start: SpanStart
  readonly origin: SpanOrigin
  readonly spanContext: SpanContext
  readonly parent: SpanContext | undefined
  /** What the span stands in. */
  readonly before: Context
  readonly links: Link[]
}

/** Longest text of an attribute: a URL may be as long as a request allows. */
const MOST_CHARACTERS = 1_024
const NO_EVENTS: never[] = []

/**
 * A span that is kept, as programs see it and as exporters read it. The SDK's own checks each attribute twice and keeps
 * books on limits that spans of ours cannot reach, which cost a store a tenth of its throughput.
 */
export class RecordedSpan implements ReadableSpan, TraceSpan, Placed {
  readonly name: string
  readonly kind: SpanKind
  readonly traceId: string
  readonly spanId: string
  readonly isSampled = true
  readonly parentSpanContext?: SpanContext
  readonly startTime: HrTime
  readonly attributes: Attributes = {}
  readonly links: Link[]
  readonly events = NO_EVENTS
  readonly droppedAttributesCount = 0
  readonly droppedEventsCount = 0
  readonly droppedLinksCount = 0
  readonly resource: ReadableSpan['resource']
  readonly instrumentationScope: ReadableSpan['instrumentationScope']
  status: ReadableSpan['status'] = UNSET
  endTime: HrTime
  duration: HrTime
  ended = false
  readonly #spanContext: SpanContext
  readonly #before: Context
  readonly #origin: SpanOrigin
  readonly #startMs: number
  readonly #begun = performance.now()

  constructor({ start, origin, spanContext, parent, before, links }: RecordedSpanOptions) {
    this.name = start.name
    this.kind = KINDS[start.kind]
    this.traceId = spanContext.traceId
    this.spanId = spanContext.spanId
    if (parent !== undefined) this.parentSpanContext = parent
    this.#startMs = start.startTime ?? Date.now()
    this.startTime = hrTime(this.#startMs)
    this.endTime = this.startTime
    this.duration = this.startTime
    this.links = links
    this.resource = origin.resource
    this.instrumentationScope = origin.instrumentationScope
    this.#spanContext = spanContext
    this.#before = before
    this.#origin = origin
    if (start.attributes !== undefined) this.set(start.attributes)
  }

  spanContext(): SpanContext {
    return this.#spanContext
  }

  // made when it is needed: most spans have no children
  get context(): Context {
    return trace.setSpanContext(this.#before, this.#spanContext)
  }

  set(attributes: SpanAttributes): void {
    for (const name in attributes) {
      const value = attributes[name]
      if (value === undefined) continue
      const isLong = typeof value === 'string' && value.length > MOST_CHARACTERS
      this.attributes[name] = isLong ? value.slice(0, MOST_CHARACTERS) : value
    }
  }

  fail(type: string, message = type): void {
    this.set({ 'error.type': type })
    this.status = { code: SpanStatusCode.ERROR, message }
  }

  /** Ends it once; what comes after that is of no account. */
  end(time?: number): void {
    if (this.ended) return
    this.ended = true
    // the wall clock may jump in between
    const ms = time === undefined ? performance.now() - this.#begun : Math.max(0, time - this.#startMs)
    this.duration = hrTime(ms)
    this.endTime = hrTime(this.#startMs + ms)
    this.#origin.onEnd(this)
  }
}

const UNSET = { code: SpanStatusCode.UNSET }

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER
}

function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1e6)]
}
