import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  TraceFlags,
  type Tracer,
  trace
} from '@opentelemetry/api'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Episodes } from '../episodes.ts'
import { BUILD_VERSION } from '../metrics/registry.ts'
import { createExporter } from './otel-exporter.ts'
import { createPropagator } from './otel-propagator.ts'
import { createSampler } from './otel-sampler.ts'
import { tellDiagnostics } from './tell-diagnostics.ts'
import type { SpanAttributes, SpanStart, TraceContext, TraceSpan, Tracing } from './tracing.ts'
import type { TracedService, TracingConfig } from './tracing-config.ts'

const FLUSH_MS = 2_000

/** Tracing by OpenTelemetry's SDK, sent over OTLP. */
export async function startTracing(config: TracingConfig, service: TracedService): Promise<Tracing> {
  tellDiagnostics(service.episodes)
  const processor = new BatchSpanProcessor({
    exporter: await createExporter(config.protocol),
    maxQueueSize: config.maxQueueSize,
    maxExportBatchSize: Math.min(config.maxExportBatchSize, config.maxQueueSize),
    scheduledDelayMillis: config.scheduleDelayMs,
    exportTimeoutMillis: config.exportTimeoutMs
  })
  const provider = new TracerProvider({
    resource: resourceOf(service),
    sampler: createSampler(config),
    spanProcessors: [processor]
  })
  const tracer = provider.getTracer('bookstore', BUILD_VERSION)
  return tracingBy(tracer, createPropagator(config.propagators), () => shutDown(provider, service.episodes))
}

function resourceOf({ app, identity }: TracedService) {
  const ours = resourceFromAttributes({
    'service.name': app,
    'service.version': BUILD_VERSION,
    'service.instance.id': randomUUID(),
    'bookstore.identity': identity
  })
  return defaultResource()
    .merge(ours)
    .merge(detectResources({ detectors: [envDetector] }))
}

function tracingBy(tracer: Tracer, propagator: TextMapPropagator, shutdown: Tracing['shutdown']): Tracing {
  return {
    start(span) {
      const context = span.parent === undefined ? ROOT_CONTEXT : contextOf(span.parent)
      return new OtelSpan(tracer.startSpan(span.name, optionsOf(span), context), context)
    },
    extract(headers) {
      const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
      const found = trace.getSpanContext(context)
      if (found === undefined) return undefined
      const { traceId, spanId, traceFlags } = found
      return { traceId, spanId, isSampled: isSampled(traceFlags), context } as TraceContext
    },
    inject(context) {
      const headers: Record<string, string> = {}
      propagator.inject(contextOf(context), headers, defaultTextMapSetter)
      return headers
    },
    shutdown
  }
}

/** A place in a trace with OpenTelemetry's own idea of it. */
interface Placed extends TraceContext {
  readonly context: Context
}

// all contexts that are passed around come from here
function contextOf(place: TraceContext): Context {
  return (place as Placed).context
}

class OtelSpan implements TraceSpan, Placed {
  readonly traceId: string
  readonly spanId: string
  readonly isSampled: boolean
  readonly #span: Span
  readonly #parent: Context

  constructor(span: Span, parent: Context) {
    const { traceId, spanId, traceFlags } = span.spanContext()
    this.traceId = traceId
    this.spanId = spanId
    this.isSampled = isSampled(traceFlags)
    this.#span = span
    this.#parent = parent
  }

  // made when it is needed: most spans have no children
  get context(): Context {
    return trace.setSpan(this.#parent, this.#span)
  }

  set(attributes: SpanAttributes): void {
    for (const name in attributes) {
      const value = attributes[name]
      if (value !== undefined) this.#span.setAttribute(name, value)
    }
  }

  fail(type: string, message = type): void {
    this.#span.setAttribute('error.type', type)
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message })
  }

  end(time?: number): void {
    this.#span.end(time)
  }
}

function isSampled(flags: number): boolean {
  return (flags & TraceFlags.SAMPLED) !== 0
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER
}

function optionsOf({ kind, attributes, links, startTime }: SpanStart) {
  return {
    kind: KINDS[kind],
    ...(attributes && { attributes }),
    ...(links && { links: links.map(linkTo) }),
    ...(startTime !== undefined && { startTime })
  }
}

function linkTo({ traceId, spanId, isSampled }: TraceContext) {
  return { context: { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE } }
}

async function shutDown(provider: TracerProvider, episodes: Episodes): Promise<void> {
  const tell = (reason: string) =>
    episodes.note('telemetry at the stop', { message: 'spans were not sent', level: 'warn', fields: { reason } })
  const late = sleep(FLUSH_MS, 'late', { ref: false })
  try {
    const first = await Promise.race([provider.shutdown(), late])
    if (first === 'late') tell(`the collector did not answer within ${FLUSH_MS} ms`)
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error))
  }
}
