import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { Histogram, type Registry } from 'prom-client'
import type { Logger } from './logger.ts'

export { Registry } from 'prom-client'

/** Records one served request. */
export type ObserveRequest = (request: {
  readonly method: string
  readonly route: string
  readonly status: number
  readonly seconds: number
}) => void

/**
 * Server-side request durations under the OpenTelemetry name, as Prometheus writes it
 * (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/).
 */
export function createRequestMetrics(registry: Registry): ObserveRequest {
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP server requests.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'] as const,
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry]
  })
  const observers = new Map<string, (seconds: number) => void>()
  const observerOf = (method: string, route: string, status: number) => {
    const key = `${method} ${route} ${status}`
    const known = observers.get(key)
    if (known !== undefined) return known
    const { observe } = duration.labels(method, route, String(status))
    observers.set(key, observe)
    return observe
  }
  return ({ method, route, status, seconds }) => observerOf(method, route, status)(seconds)
}

/** The server of `GET /metrics`, on a port of its own because a mesh refuses plaintext scrapes on meshed ports. */
export function buildMetricsApp(registry: Registry, logger: Logger): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    keepAliveTimeout: 5000
  })
  app.get('/metrics', async (_request, reply) =>
    reply.header('content-type', registry.contentType).send(await registry.metrics())
  )
  return app
}
