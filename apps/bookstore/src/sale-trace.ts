import { CONTEXT_HEADERS, MOST_LINKS, type TraceContext, type TraceSpan, type Tracing } from '@bookstore/common'
import { type Headers, pickTraceHeaders } from '@bookstore/contract'
import type { FastifyRequest } from 'fastify'
import type { Batch } from './ledger/ledger.ts'

/** The trace of a sale, to be carried on by its restock. */
export interface SaleTrace {
  /** Headers of the purchase; its restock repeats those for tracing. */
  readonly purchase: Headers
  /** The span of the sale; undefined where nothing is traced. */
  readonly span?: TraceContext | undefined
  /** When it went into the outbox, ms since the epoch. */
  readonly at: number
}

/** The trace of a batch while it is on its way. */
export interface BatchTrace {
  readonly headers: Readonly<Record<string, string>>
  readonly span?: TraceSpan | undefined
}

/** For restocks whose sale is not known any more, because the store was started anew. */
const NO_TRACE: SaleTrace = { purchase: {}, at: 0 }

const OUTBOX = { 'messaging.system': 'bookstore', 'messaging.destination.name': 'outbox' }
const SEND = { ...OUTBOX, 'messaging.operation.name': 'send', 'messaging.operation.type': 'send' }

/** The trace of the request that sells. What is made of it is made for a batch, and not for each sale. */
export function captureTrace({ headers, span }: FastifyRequest): SaleTrace {
  return { purchase: headers, span, at: Date.now() }
}

// a context is written anew by the client, where something is traced
function headersOf({ purchase }: SaleTrace, tracing: Tracing | undefined): Record<string, string> {
  const picked = pickTraceHeaders(purchase)
  if (tracing) for (const name of CONTEXT_HEADERS) delete picked[name]
  return picked
}

/**
 * The trace of a batch of `sales`, oldest first: a producer span of each one's way into the outbox, and a consumer span
 * that takes them out (https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/). The consumer goes on in the
 * trace of the newest and is linked to the others. Of those a span keeps 128, so only the newest have a producer.
 */
export function traceBatch(batch: Batch, sales: readonly SaleTrace[], tracing: Tracing | undefined): BatchTrace {
  const newest = sales.at(-1) ?? NO_TRACE
  const headers = headersOf(newest, tracing)
  if (tracing === undefined) return { headers }
  const sent = sales
    .filter(({ span }) => span?.isSampled)
    .slice(-MOST_LINKS - 1)
    .map(sale => sentBy(sale, tracing))
  const span = tracing.start({
    name: 'process outbox',
    kind: 'consumer',
    parent: newest.span?.isSampled ? sent.at(-1) : newest.span,
    links: newest.span?.isSampled ? sent.slice(0, -1) : sent,
    attributes: {
      ...OUTBOX,
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.batch.message_count': batch.amount,
      'bookstore.restock.key': batch.key
    }
  })
  return { headers, span }
}

function sentBy({ span, at }: SaleTrace, tracing: Tracing): TraceContext {
  const sent = tracing.start({ name: 'send outbox', kind: 'producer', parent: span, attributes: SEND, startTime: at })
  sent.end(at)
  return sent
}
