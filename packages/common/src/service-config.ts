import { type Env, readConfig, type SettingReader } from './config.ts'
import { parseFlags } from './flags.ts'
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from './logger.ts'

/** What every service of ours is told from outside. */
export interface ServiceConfig {
  /** The address it listens on; undefined for all of them, of IPv4 and IPv6. */
  readonly host: string | undefined
  readonly port: number
  readonly metricsPort: number
  readonly identity: string
  readonly logFormat: LogFormat
  readonly logLevel: LogLevel
  /** Milliseconds that a service stays reachable after it said that it is not ready. */
  readonly drainWaitMs: number
  /** Milliseconds after which a stop is forced; stay below the pod's grace period. */
  readonly shutdownDeadlineMs: number
  /** Requests served at the same time; further ones are told to come back later. */
  readonly maxConcurrentRequests: number
  /** Host names, beside those that are ours by their form, whose pages may change something. */
  readonly allowedHosts: readonly string[]
}

/**
 * Reads the settings common to all services and then, by `read`, those of one service.
 * The environment wins over flags (`--port`, `--ident`); `--path` of older manifests is accepted and has no effect.
 * @throws ConfigError naming everything that cannot be read
 */
export function readServiceConfig<T>(
  env: Env,
  argv: readonly string[],
  { defaultIdentity = 'unidentified' }: { readonly defaultIdentity?: string },
  read: (settings: SettingReader) => T
): ServiceConfig & T {
  const flags = parseFlags(argv, ['port', 'ident', 'path'])
  const withFlags: Env = {
    ...env,
    PORT: env['PORT'] || flags.port,
    IDENTITY: env['IDENTITY'] || flags.ident
  }
  return readConfig(withFlags, settings => ({
    host: settings.optionalText('HOST'),
    port: settings.integer('PORT', 14001, { min: 0, max: 65535 }),
    metricsPort: settings.integer('METRICS_PORT', 9464, { min: 0, max: 65535 }),
    identity: settings.parsed('IDENTITY', parseIdentity) ?? defaultIdentity,
    logFormat: settings.choice('LOG_FORMAT', LOG_FORMATS, 'json'),
    logLevel: settings.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    drainWaitMs: settings.integer('DRAIN_WAIT_MS', 0, { min: 0, max: 60_000 }),
    shutdownDeadlineMs: settings.integer('SHUTDOWN_DEADLINE_MS', 10_000, {
      min: 100,
      max: 600_000
    }),
    maxConcurrentRequests: settings.integer('MAX_CONCURRENT_REQUESTS', 512, {
      min: 1,
      max: 100_000
    }),
    allowedHosts: settings
      .text('ALLOWED_HOSTS', '')
      .split(/[\s,]+/)
      .filter(Boolean),
    ...read(settings)
  }))
}

// it goes into a header of every answer
function parseIdentity(value: string): string {
  if (/^[\x21-\x7e]([\x20-\x7e]{0,126}[\x21-\x7e])?$/.test(value)) return value
  throw new Error('expected 1 to 128 printable ASCII characters')
}
