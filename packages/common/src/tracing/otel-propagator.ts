import type { TextMapPropagator } from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3'
import type { TracingConfig } from './tracing-config.ts'

/** Reads and writes the header families in the order given; of those that name a trace the last one wins. */
export function createPropagator(names: TracingConfig['propagators']): TextMapPropagator {
  return new CompositePropagator({ propagators: names.flatMap(propagatorsOf) })
}

function propagatorsOf(name: TracingConfig['propagators'][number]): readonly TextMapPropagator[] {
  switch (name) {
    case 'tracecontext':
      return [new W3CTraceContextPropagator()]
    case 'baggage':
      return [new W3CBaggagePropagator()]
    // both read the single header and the many
    case 'b3':
      return [new B3Propagator()]
    case 'b3multi':
      return [new B3Propagator({ injectEncoding: B3InjectEncoding.MULTI_HEADER })]
    case 'none':
      return []
  }
}
