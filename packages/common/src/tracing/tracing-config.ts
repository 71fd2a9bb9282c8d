import { type Env, readConfig } from '../config.ts'
import type { Episodes } from '../episodes.ts'

/** Who makes the spans. */
export interface TracedService {
  /** `service.name`, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES names another. */
  readonly app: string
  readonly identity: string
  /** Told when spans cannot be sent or are dropped. */
  readonly episodes: Episodes
}

/** What the standard variables say of tracing (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/). */
export interface TracingConfig {
  readonly protocol: (typeof PROTOCOLS)[number]
  readonly sampler: (typeof SAMPLERS)[number]
  /** Share of traces that a ratio sampler keeps. */
  readonly ratio: number
  readonly propagators: readonly Propagator[]
  /** Spans that wait to be sent; further ones are dropped. */
  readonly maxQueueSize: number
  readonly maxExportBatchSize: number
  readonly scheduleDelayMs: number
  readonly exportTimeoutMs: number
}

const PROTOCOLS = ['http/protobuf', 'http/json', 'grpc'] as const
const SAMPLERS = [
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
  'always_on',
  'always_off',
  'traceidratio'
] as const
const PROPAGATORS = ['tracecontext', 'baggage', 'b3', 'b3multi', 'none'] as const
type Propagator = (typeof PROPAGATORS)[number]

// the order of extraction: what comes later wins, so that W3C does where the two families differ
const DEFAULT_PROPAGATORS: readonly Propagator[] = ['b3multi', 'tracecontext', 'baggage']

/**
 * Undefined when nothing is traced: without an OTLP endpoint, with OTEL_SDK_DISABLED=true, OTEL_TRACES_EXPORTER=none or
 * OTEL_TRACES_SAMPLER=always_off. Contexts are then passed on as they come.
 * @throws ConfigError naming everything that cannot be read
 */
export function readTracingConfig(env: Env): TracingConfig | undefined {
  const endpoint = env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT']
  if (!endpoint || env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return undefined
  return readConfig(env, settings => {
    const isOtlp = settings.choice('OTEL_TRACES_EXPORTER', ['otlp', 'none'], 'otlp') === 'otlp'
    const general = settings.choice('OTEL_EXPORTER_OTLP_PROTOCOL', PROTOCOLS, 'http/protobuf')
    settings.parsed('OTEL_EXPORTER_OTLP_ENDPOINT', parseEndpoint)
    settings.parsed('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', parseEndpoint)
    const config: TracingConfig = {
      protocol: settings.choice('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', PROTOCOLS, general),
      sampler: settings.choice('OTEL_TRACES_SAMPLER', SAMPLERS, 'parentbased_always_on'),
      ratio: settings.decimal('OTEL_TRACES_SAMPLER_ARG', 1, { min: 0, max: 1 }),
      propagators: settings.parsed('OTEL_PROPAGATORS', parsePropagators) ?? DEFAULT_PROPAGATORS,
      maxQueueSize: settings.integer('OTEL_BSP_MAX_QUEUE_SIZE', 8_192, { min: 1 }),
      maxExportBatchSize: settings.integer('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512, { min: 1 }),
      scheduleDelayMs: settings.integer('OTEL_BSP_SCHEDULE_DELAY', 1_000, { min: 1 }),
      exportTimeoutMs: settings.integer('OTEL_BSP_EXPORT_TIMEOUT', 10_000, { min: 1 })
    }
    return isOtlp && config.sampler !== 'always_off' ? config : undefined
  })
}

function parseEndpoint(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new Error('expected an address such as http://collector:4318')
}

function parsePropagators(text: string): readonly Propagator[] {
  const names = text.split(',').map(name => name.trim())
  const known = names.filter((name): name is Propagator => (PROPAGATORS as readonly string[]).includes(name))
  if (known.length < names.length) throw new Error(`expected some of ${PROPAGATORS.join(', ')}`)
  return known.includes('none') ? [] : known
}
