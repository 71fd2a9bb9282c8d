import type { FastifyBaseLogger } from 'fastify'
import { type DestinationStream, pino } from 'pino'
import { BUILD_VERSION } from './metrics/registry.ts'

export const LOG_FORMATS = ['json', 'pretty', 'osm'] as const
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
 * Records on standard output, as JSON or for a person's eyes (`pretty`); with `format: 'osm'` standard output has the
 * original's lines and the JSON records go to standard error. Each record names the app, its identity and its version.
 */
export async function createLogs(options: {
  readonly service: string
  readonly identity: string
  readonly format: LogFormat
  readonly level: LogLevel
}): Promise<Logs> {
  const { service, identity, format, level } = options
  const isOsm = format === 'osm'
  const logger: Logger = pino(
    {
      level,
      base: { service, identity, version: BUILD_VERSION, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) }
    },
    format === 'pretty' ? await prettyOutput() : pino.destination({ dest: isOsm ? 2 : 1, sync: true })
  )
  return { logger, osmLine: isOsm ? line => process.stdout.write(`${line}\n`) : () => undefined }
}

// only loaded when it is wanted
async function prettyOutput(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty')
  return pretty({ sync: true, ignore: 'pid,version,service', messageFormat: '{identity}: {msg}', hideObject: false })
}

/** A logger that says nothing, for tests and tools. */
export function silentLogs(): Logs {
  return { logger: pino({ level: 'silent' }), osmLine: () => undefined }
}
