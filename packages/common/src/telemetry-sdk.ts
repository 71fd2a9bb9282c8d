import type { Logger } from './logger.ts'

interface Sdk {
  shutdown(): Promise<void>
}

// the OpenTelemetry API is one per process by design, so its SDK is the one thing kept at module level
let sdk: Sdk | undefined

/** Starts tracing for `service`: HTTP server and undici client spans, sent to the OTLP endpoint of the environment. */
export async function startTelemetry(service: string): Promise<void> {
  const [{ NodeSDK }, { HttpInstrumentation }, { UndiciInstrumentation }] = await Promise.all([
    import('@opentelemetry/sdk-node'),
    import('@opentelemetry/instrumentation-http'),
    import('@opentelemetry/instrumentation-undici')
  ])
  const started = new NodeSDK({
    serviceName: service,
    instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation()]
  })
  started.start()
  sdk = started
}

/** Sends what is left. An unreachable collector is logged, because a clean stop must not fail for it. */
export async function shutdownTelemetry(logger: Logger): Promise<void> {
  try {
    await sdk?.shutdown()
  } catch (error) {
    logger.warn({ err: error }, 'telemetry could not be flushed')
  }
}
