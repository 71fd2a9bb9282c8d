import Fastify, { type FastifyInstance, LogController } from 'fastify'
import type { Registry } from 'prom-client'
import type { Logger } from '../logger.ts'
import { WITHOUT_SCHEMAS } from '../without-schemas.ts'
import { OPEN_METRICS_TYPE, renderOpenMetrics } from './open-metrics.ts'

/**
 * The server of `GET /metrics`, on a port of its own because a mesh refuses plaintext scrapes on meshed ports. It speaks
 * OpenMetrics, with exemplars, to those who ask for it.
 */
export function buildMetricsApp(registry: Registry, logger: Logger): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    schemaController: WITHOUT_SCHEMAS,
    keepAliveTimeout: 5000
  })
  app.get('/metrics', async (request, reply) => {
    const isOpen = request.headers.accept?.includes('application/openmetrics-text') ?? false
    if (isOpen) return reply.header('content-type', OPEN_METRICS_TYPE).send(await renderOpenMetrics(registry))
    return reply.header('content-type', registry.contentType).send(await registry.metrics())
  })
  return app
}
