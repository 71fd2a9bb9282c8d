import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SamplingDecision,
  type SpanContext,
  SpanKind,
  type TextMapPropagator,
  TraceFlags,
  trace
} from '@opentelemetry/api'
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, RandomIdGenerator, type Sampler } from '@opentelemetry/sdk-trace'
import type { Episodes } from '../episodes.ts'
import { BUILD_VERSION } from '../metrics/registry.ts'
import { createExporter } from './otel-exporter.ts'
import { createPropagator } from './otel-propagator.ts'
import { createSampler } from './otel-sampler.ts'
import { type Placed, RecordedSpan, type SpanOrigin } from './recorded-span.ts'
import { tellDiagnostics } from './tell-diagnostics.ts'
import type { SpanStart, TraceContext, TraceSpan, Tracing } from './tracing.ts'
import type { TracedService, TracingConfig } from './tracing-config.ts'

const FLUSH_MS = 2_000

/** Tracing by the parts of OpenTelemetry's SDK, sent over OTLP. */
export async function startTracing(config: TracingConfig, service: TracedService): Promise<Tracing> {
  tellDiagnostics(service.episodes)
  const processor = new BatchSpanProcessor({
    exporter: await createExporter(config.protocol),
    maxQueueSize: config.maxQueueSize,
    maxExportBatchSize: Math.min(config.maxExportBatchSize, config.maxQueueSize),
    scheduledDelayMillis: config.scheduleDelayMs,
    exportTimeoutMillis: config.exportTimeoutMs
  })
  const start = createStart(createSampler(config), {
    resource: resourceOf(service),
    instrumentationScope: { name: 'bookstore', version: BUILD_VERSION },
    onEnd: span => processor.onEnd(span)
  })
  const propagator = createPropagator(config.propagators)
  return {
    start,
    extract: headers => extractBy(propagator, headers),
    inject(place) {
      const headers: Record<string, string> = {}
      propagator.inject(contextOf(place), headers, defaultTextMapSetter)
      return headers
    },
    shutdown: () => shutDown(processor, service.episodes)
  }
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

// all contexts that are passed around come from here
function contextOf(place: TraceContext | undefined): Context {
  return place === undefined ? ROOT_CONTEXT : (place as Placed).context
}

function extractBy(propagator: TextMapPropagator, headers: Parameters<Tracing['extract']>[0]): Placed | undefined {
  const context = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter)
  const found = trace.getSpanContext(context)
  if (found === undefined) return undefined
  const { traceId, spanId, traceFlags } = found
  return { traceId, spanId, isSampled: isSampled(traceFlags), context }
}

function createStart(sampler: Sampler, origin: SpanOrigin): Tracing['start'] {
  const ids = new RandomIdGenerator()
  return start => {
    const before = contextOf(start.parent)
    const parent = trace.getSpanContext(before)
    const traceId = parent?.traceId ?? ids.generateTraceId()
    const { decision, traceState = parent?.traceState } = sampler.shouldSample(
      before,
      traceId,
      start.name,
      SpanKind.INTERNAL,
      {},
      []
    )
    const isKept = decision === SamplingDecision.RECORD_AND_SAMPLED
    const spanContext: SpanContext = {
      traceId,
      spanId: ids.generateSpanId(),
      traceFlags: isKept ? TraceFlags.SAMPLED : TraceFlags.NONE
    }
    if (traceState !== undefined) spanContext.traceState = traceState
    if (!isKept) return placeOnly(spanContext, before)
    const links = start.links === undefined ? NO_LINKS : start.links.map(linkTo)
    return new RecordedSpan({ start, origin, spanContext, parent, before, links })
  }
}

const NO_LINKS: never[] = []

// a span whose trace is not kept: its place is passed on, and nothing else
function placeOnly(spanContext: SpanContext, before: Context): TraceSpan & Placed {
  const { traceId, spanId } = spanContext
  const nothing = () => undefined
  const context = trace.setSpanContext(before, spanContext)
  return { traceId, spanId, isSampled: false, context, set: nothing, fail: nothing, end: nothing }
}

function isSampled(flags: number): boolean {
  return (flags & TraceFlags.SAMPLED) !== 0
}

function linkTo({ traceId, spanId, isSampled }: NonNullable<SpanStart['links']>[number]) {
  return { context: { traceId, spanId, traceFlags: isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE } }
}

async function shutDown(processor: BatchSpanProcessor, episodes: Episodes): Promise<void> {
  const tell = (reason: string) =>
    episodes.note('telemetry at the stop', { message: 'spans were not sent', level: 'warn', fields: { reason } })
  const late = sleep(FLUSH_MS, 'late', { ref: false })
  try {
    const first = await Promise.race([processor.shutdown(), late])
    if (first === 'late') tell(`the collector did not answer within ${FLUSH_MS} ms`)
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error))
  }
}
