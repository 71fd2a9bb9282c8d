// Loaded by `node --import` before anything else: an instrumentation that comes later than node:http loses every server
// span.
import { startTelemetry } from './telemetry-sdk.ts'

const env = process.env
const isWanted =
  (env['OTEL_EXPORTER_OTLP_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) &&
  env['OTEL_SDK_DISABLED'] !== 'true'

if (isWanted) {
  // metrics are Prometheus' job and logs go to standard output; b3 keeps the original's header family alive beside
  // W3C's
  env['OTEL_METRICS_EXPORTER'] ||= 'none'
  env['OTEL_LOGS_EXPORTER'] ||= 'none'
  env['OTEL_PROPAGATORS'] ||= 'tracecontext,baggage,b3multi'
  await startTelemetry(env['OTEL_SERVICE_NAME'] || env['IDENTITY'] || 'bookstore')
}
