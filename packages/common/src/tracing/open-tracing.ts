import type { Env } from '../config.ts'
import type { Tracing } from './tracing.ts'
import { readTracingConfig, type TracedService } from './tracing-config.ts'

/**
 * Tracing as the environment wants it; undefined when it wants none, and then nothing of OpenTelemetry is loaded.
 * @throws ConfigError naming every variable that cannot be read
 */
export async function openTracing(env: Env, service: TracedService): Promise<Tracing | undefined> {
  const config = readTracingConfig(env)
  if (config === undefined) return undefined
  const { startTracing } = await import('./otel-tracing.ts')
  return startTracing(config, service)
}
