import { Counter, type Registry } from 'prom-client'
import { keptBy } from '../kept-by.ts'
import { createHistogram } from './histogram.ts'

/** What a server counts of its requests. */
export interface RequestMetrics {
  /** One served request; `trace` is the id of its trace when that is kept. */
  observe(method: string, route: string, status: number, seconds: number, trace?: string): void
  /** A request that was no HTTP, or not in time, and that no route has seen. */
  malformed(status: number): void
}

// Sales take fractions of a millisecond, which the buckets that OpenTelemetry suggests would all count as one.
const BUCKETS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
] as const

const METHODS = new Set(['CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'])

/**
 * Server-side request durations under the OpenTelemetry name, as Prometheus writes it, and with `_OTHER` for unknown
 * methods (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/). Probes are not counted here.
 */
export function createRequestMetrics(registry: Registry): RequestMetrics {
  const rows = createHistogram({
    registry,
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP server requests, probes left out.',
    buckets: BUCKETS,
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code']
  })
  const malformed = new Counter({
    name: 'bookstore_http_malformed_requests_total',
    help: 'Requests that could not be read as HTTP or did not come in time, by the status they were answered with.',
    labelNames: ['http_response_status_code'] as const,
    registers: [registry]
  })
  for (const status of ['400', '408', '431']) malformed.inc({ http_response_status_code: status }, 0)
  // by its parts: one key made of them for each request would cost more than the observation
  const rowOf = keptBy((route: string) =>
    keptBy((method: string) =>
      keptBy((status: number) =>
        rows({ http_request_method: method, http_route: route, http_response_status_code: String(status) })
      )
    )
  )
  return {
    observe: (method, route, status, seconds, trace) =>
      rowOf(route)(METHODS.has(method) ? method : '_OTHER')(status).observe(seconds, trace),
    malformed: status => malformed.inc({ http_response_status_code: String(status) })
  }
}
