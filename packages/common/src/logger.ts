import { trace } from '@opentelemetry/api'
import type { FastifyBaseLogger } from 'fastify'
import { pino } from 'pino'

export const LOG_FORMATS = ['json', 'osm'] as const
export type LogFormat = (typeof LOG_FORMATS)[number]

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** The structured logger that Fastify and our code share. */
export type Logger = FastifyBaseLogger

/** Prints one line as the original demo prints it; does nothing unless `LOG_FORMAT=osm`. */
export type OsmLine = (line: string) => void

/** The two ways a service speaks: structured records, and the lines that tutorials of the original grep. */
export interface Logs {
  readonly logger: Logger
  readonly osmLine: OsmLine
}

/**
 * JSON records on standard output; with `format: 'osm'` standard output has the original's lines and the records go to
 * standard error.
 */
export function createLogs(options: {
  readonly service: string
  readonly format: LogFormat
  readonly level: LogLevel
}): Logs {
  const isOsm = options.format === 'osm'
  const logger: Logger = pino(
    {
      level: options.level,
      base: { service: options.service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      mixin: activeTrace
    },
    pino.destination({ dest: isOsm ? 2 : 1, sync: true })
  )
  return { logger, osmLine: isOsm ? line => process.stdout.write(`${line}\n`) : () => undefined }
}

/** A logger that says nothing, for tests and tools. */
export function silentLogs(): Logs {
  return { logger: pino({ level: 'silent' }), osmLine: () => undefined }
}

// PinoInstrumentation does nothing for `import { pino }` in ESM (opentelemetry-js-contrib issue 2838)
function activeTrace(): object {
  const context = trace.getActiveSpan()?.spanContext()
  return context ? { trace_id: context.traceId, span_id: context.spanId } : {}
}
