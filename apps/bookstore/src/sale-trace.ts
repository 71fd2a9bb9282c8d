import { CONTEXT_HEADERS, MOST_LINKS, type TraceContext, type TraceSpan, type Tracing } from '@bookstore/common'
import { pickTraceHeaders } from '@bookstore/contract'
import type { FastifyRequest } from 'fastify'
import type { Batch } from './ledger/ledger.ts'

/** The trace of a sale, to be carried on by its restock. */
export interface SaleTrace {
  /** Tracing headers of the purchase that its restock repeats. */
  readonly headers: Readonly<Record<string, string>>
  /** Where the sale went into the outbox; undefined where nothing is traced. */
  readonly context?: TraceContext | undefined
}

/** The trace of a batch while it is on its way. */
export interface BatchTrace {
  readonly headers: Readonly<Record<string, string>>
  readonly span?: TraceSpan | undefined
}

/** For restocks whose sale is not known any more, because the store was started anew. */
export const NO_TRACE: SaleTrace = { headers: {} }

const CONTEXT = new Set(CONTEXT_HEADERS)
const OUTBOX = { 'messaging.system': 'bookstore', 'messaging.destination.name': 'outbox' }

/**
 * The trace of the request that sells: its headers, and where something is traced a span of the sale's way into the
 * outbox (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/). The headers of a context are then left
 * to the client, which writes them anew.
 */
export function captureTrace({ headers, span }: FastifyRequest, tracing: Tracing | undefined): SaleTrace {
  const picked = pickTraceHeaders(headers)
  if (tracing === undefined || span === undefined) return { headers: picked }
  for (const name of CONTEXT) delete picked[name]
  if (!span.isSampled) return { headers: picked, context: span }
  const sent = tracing.start({ name: 'send outbox', kind: 'producer', parent: span })
  sent.set({ ...OUTBOX, 'messaging.operation.name': 'send', 'messaging.operation.type': 'send' })
  sent.end()
  return { headers: picked, context: sent }
}

/**
 * The trace of a batch of `sales`, oldest first: it goes on in the trace of the newest, and is linked to the others, of
 * which a span keeps the newest 128.
 */
export function traceBatch(batch: Batch, sales: readonly SaleTrace[], tracing: Tracing | undefined): BatchTrace {
  const newest = sales.at(-1) ?? NO_TRACE
  if (tracing === undefined) return newest
  const contexts = sales.flatMap(({ context }) => context ?? [])
  const span = tracing.start({
    name: 'process outbox',
    kind: 'consumer',
    parent: newest.context,
    links: contexts.filter(context => context !== newest.context && context.isSampled).slice(-MOST_LINKS),
    attributes: {
      ...OUTBOX,
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.batch.message_count': batch.amount,
      'bookstore.restock.key': batch.key
    }
  })
  return { headers: newest.headers, span }
}
