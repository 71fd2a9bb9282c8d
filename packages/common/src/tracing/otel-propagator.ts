import { type Context, type TextMapGetter, type TextMapPropagator, trace } from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { B3InjectEncoding, B3Propagator } from '@opentelemetry/propagator-b3'
import type { TracingConfig } from './tracing-config.ts'

/** Reads and writes the header families in the order given; of those that name a trace the last one wins. */
export function createPropagator(names: TracingConfig['propagators']): TextMapPropagator {
  const propagators = names.flatMap(propagatorsOf)
  const composite = new CompositePropagator({ propagators })
  const lastFirst = propagators.filter(propagator => !(propagator instanceof W3CBaggagePropagator)).reverse()
  const baggage = names.includes('baggage') ? new W3CBaggagePropagator() : undefined
  return {
    inject: composite.inject.bind(composite),
    fields: composite.fields.bind(composite),
    // the one that wins is asked first, and then no other: each costs as much as a span
    extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>) {
      const start = baggage && getter.get(carrier, 'baggage') ? baggage.extract(context, carrier, getter) : context
      for (const propagator of lastFirst) {
        const found = propagator.extract(start, carrier, getter)
        if (trace.getSpanContext(found) !== undefined) return found
      }
      return start
    }
  }
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
