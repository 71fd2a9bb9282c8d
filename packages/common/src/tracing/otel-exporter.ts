import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { TracingConfig } from './tracing-config.ts'

/** The exporter of a protocol; only that one is loaded. Endpoint, headers and TLS come from the standard variables. */
export async function createExporter(protocol: TracingConfig['protocol']): Promise<SpanExporter> {
  switch (protocol) {
    case 'grpc': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-grpc')
      return new OTLPTraceExporter()
    }
    case 'http/json': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http')
      return new OTLPTraceExporter()
    }
    case 'http/protobuf': {
      const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto')
      return new OTLPTraceExporter()
    }
  }
}
