import {
  addProbe,
  createSameOriginCheck,
  createServer,
  type Episodes,
  httpError,
  type Logger,
  type ProbeOptions,
  type Readiness,
  type RequestMetrics,
  type Tracing
} from '@bookstore/common'
import {
  boundedHeader,
  IDENTITY_HEADER,
  isProbe,
  RESTOCK_PATH,
  readIdempotencyKey,
  STORE_HEADER,
  warehouseTotalHeader
} from '@bookstore/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { PAGE_CSP, renderPage } from './page.ts'
import { readAmount } from './restock-amount.ts'
import { QueueFullError } from './restock-queue.ts'
import { StockFullError, StockUnavailableError } from './stock/stock.ts'
import type { RestockOrigin, Warehouse } from './warehouse.ts'

export interface AppOptions {
  readonly warehouse: Warehouse
  readonly identity: string
  readonly logger: Logger
  readonly readiness: Readiness
  readonly requestMetrics?: RequestMetrics
  readonly episodes?: Episodes
  readonly tracing?: Tracing | undefined
  readonly maxConcurrentRequests?: number
  readonly allowedHosts?: readonly string[]
  /** What a probe of the peers goes through. */
  readonly openProbe?: ProbeOptions['open']
}

/** The warehouse's HTTP interface (docs/contract.md); it does not listen. */
export function buildApp({
  warehouse,
  identity,
  readiness,
  allowedHosts = [],
  openProbe,
  ...server
}: AppOptions): FastifyInstance {
  const app = createServer({ readiness, echoTraceHeaders: true, ...server })
  const shownIdentity = boundedHeader(identity) ?? 'unidentified'
  // onSend also sees what is refused before any route
  app.addHook('onSend', async (_request, reply) => {
    reply.header(IDENTITY_HEADER, shownIdentity)
  })
  const restock = (request: FastifyRequest, reply: FastifyReply) => answerRestock(warehouse, request, reply)
  // a page of another site could fill the shelves through somebody's browser; stores are no browsers and pass
  const onRequest = createSameOriginCheck(allowedHosts)
  app.post('/', { onRequest }, restock)
  app.post(RESTOCK_PATH, { onRequest }, restock)
  addProbe(app, { source: 'bookwarehouse', open: openProbe, sameOrigin: onRequest })
  app.get('/raw', (_request, reply) => answerTotal(warehouse, reply))
  app.get('/', async (_request, reply) => {
    const total = await totalIfKnown(warehouse)
    return reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', PAGE_CSP)
      .send(renderPage({ identity: shownIdentity, total, reasons: readiness.reasons() }))
  })
  return app
}

async function answerRestock(
  warehouse: Warehouse,
  request: FastifyRequest,
  reply: FastifyReply
): Promise<FastifyReply> {
  const amount = readAmount(request.body)
  // a probe sees that it gets here, and brings nothing
  if (isProbe(request.headers)) return reply.send({ restocked: 0 })
  const key = keyOf(request)
  try {
    const outcome = await warehouse.restock({ amount, key }, restockOrigin(request))
    if (outcome.kind === 'conflict') {
      const message = `expected ${outcome.firstAmount} books as at the first request with this Idempotency-Key, got ${amount}`
      return sendError(reply, 422, 'IDEMPOTENCY_KEY_REUSED', message)
    }
    if (outcome.kind === 'replayed') reply.header('Idempotency-Replayed', 'true')
    return reply.headers(warehouseTotalHeader(outcome.total)).send({ restocked: amount })
  } catch (error) {
    return sendRefusal(reply, error)
  }
}

// who asks, for the log: the store that it says it is, and the purchase it came from
function restockOrigin({ headers, span }: FastifyRequest): RestockOrigin {
  return { store: boundedHeader(headers[STORE_HEADER]), requestId: boundedHeader(headers['x-request-id']), span }
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  try {
    return readIdempotencyKey(headers)
  } catch (error) {
    if (error instanceof RangeError) throw httpError(400, error.message, 'IDEMPOTENCY_KEY_INVALID')
    throw error
  }
}

async function answerTotal(warehouse: Warehouse, reply: FastifyReply): Promise<FastifyReply> {
  try {
    const totalBooks = await warehouse.total()
    return reply.headers(warehouseTotalHeader(totalBooks)).send({ totalBooks })
  } catch (error) {
    return sendRefusal(reply, error)
  }
}

async function totalIfKnown(warehouse: Warehouse): Promise<number | undefined> {
  try {
    return await warehouse.total()
  } catch (error) {
    if (error instanceof StockUnavailableError) return undefined
    throw error
  }
}

// answered here and not thrown, because the server logs every thrown 5xx and a lost database is logged once, where it
// is noticed
function sendRefusal(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof StockFullError) return sendError(reply, 422, error.code, error.message)
  if (error instanceof StockUnavailableError || error instanceof QueueFullError) {
    reply.header('retry-after', '1')
    return sendError(reply, 503, error.code, error.message)
  }
  throw error
}

function sendError(reply: FastifyReply, statusCode: number, code: string, message: string): FastifyReply {
  return reply.status(statusCode).send({ statusCode, code, message })
}
