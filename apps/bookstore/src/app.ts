import {
  addProbe,
  createSameOriginCheck,
  createServer,
  type Episodes,
  httpError,
  type Logs,
  type ProbeOptions,
  pause,
  type Readiness,
  type RequestMetrics,
  type Tracing
} from '@bookstore/common'
import {
  BOOKS_BOUGHT_HEADER,
  BROWSE_PATH,
  booksHeaders,
  CLIENT_IDENTITY_HEADER,
  IDENTITY_HEADER,
  isProbe,
  PURCHASE_PATH,
  provenClient
} from '@bookstore/contract'
import type { FastifyInstance } from 'fastify'
import { parseBookCount } from './book-count.ts'
import { changeBooks } from './change-books.ts'
import { addFaultRoutes } from './faults/fault-routes.ts'
import type { FaultSwitch } from './faults/fault-switch.ts'
import { misbehave } from './faults/misbehave.ts'
import { unreadyOnDemand } from './faults/unready.ts'
import { sell, setCounter } from './ledger/ledger.ts'
import type { LedgerStore } from './ledger/ledger-store.ts'
import type { BookstoreMetrics } from './metrics.ts'
import { oncePerState } from './once-per-state.ts'
import type { OutboxRelay } from './outbox/outbox-relay.ts'
import { createSendPage, type SendPage } from './page.ts'
import { createReporter, type LedgerReport } from './report.ts'
import { pickDelayMs, type SaleDelay } from './sale-delay.ts'
import { captureTrace } from './sale-trace.ts'
import { createTurnEnd } from './turn-end.ts'

export interface BookstoreOptions {
  readonly identity: string
  readonly logs: Logs
  readonly readiness: Readiness
  readonly store: LedgerStore
  readonly relay: OutboxRelay
  readonly metrics: BookstoreMetrics
  readonly episodes: Episodes
  readonly tracing?: Tracing | undefined
  readonly requestMetrics?: RequestMetrics
  readonly saleDelay?: SaleDelay
  /** Has the store misbehave on demand; absent closes that. */
  readonly faults?: FaultSwitch | undefined
  /** What a probe of the peers goes through. */
  readonly openProbe?: ProbeOptions['open']
  readonly isResetAllowed?: boolean
  readonly outboxMax?: number
  readonly maxConcurrentRequests?: number
  /** Host names, beside those without a dot, under which browsers may change the counter. */
  readonly allowedHosts?: readonly string[]
}

type Shop = Required<
  Omit<BookstoreOptions, 'requestMetrics' | 'readiness' | 'maxConcurrentRequests' | 'tracing' | 'faults' | 'openProbe'>
> & {
  readonly faults: FaultSwitch | undefined
  readonly report: () => LedgerReport
  readonly sendPage: SendPage
}

/**
 * The bookstore's routes. It sells whether or not the warehouse answers: the outbox keeps what is to be restocked,
 * so the warehouse is no condition of readiness.
 */
export function buildApp({
  readiness,
  requestMetrics,
  saleDelay = { minMs: 0, maxMs: 0 },
  isResetAllowed = true,
  outboxMax = 1_000_000,
  maxConcurrentRequests = 512,
  allowedHosts = [],
  tracing,
  faults,
  openProbe,
  ...needed
}: BookstoreOptions): FastifyInstance {
  const { identity, store, relay, logs } = needed
  const app = createServer({
    logger: logs.logger,
    readiness: unreadyOnDemand(readiness, faults),
    echoTraceHeaders: true,
    episodes: needed.episodes,
    tracing,
    maxConcurrentRequests,
    ...(requestMetrics ? { requestMetrics } : {})
  })
  const relayStatus = () => relay.status()
  const report = createReporter({ identity, store, outboxMax, relayStatus, faults: () => faults?.describe() ?? '' })
  const shop = {
    ...needed,
    saleDelay,
    isResetAllowed,
    outboxMax,
    allowedHosts,
    tracing,
    faults,
    report,
    sendPage: createSendPage()
  }
  tellBooks(app, shop)
  addPages(app, shop)
  addSale(app, shop)
  addCounterChanges(app, shop)
  const sameOrigin = createSameOriginCheck(allowedHosts)
  addFaultRoutes(app, { faults, sameOrigin })
  addProbe(app, { source: identity, open: openProbe, sameOrigin })
  return app
}

function tellBooks(app: FastifyInstance, { identity, store, report }: Shop): void {
  const headersOf = oncePerState((books: LedgerReport) => ({ [IDENTITY_HEADER]: identity, ...booksHeaders(books) }))
  app.addHook('onSend', (request, reply, payload, done) => {
    const client = provenClient(request.headers)
    if (client !== undefined) reply.header(CLIENT_IDENTITY_HEADER, client)
    reply.headers(headersOf(report()))
    // a sale has told its own number
    if (!reply.hasHeader(BOOKS_BOUGHT_HEADER)) {
      reply.header(BOOKS_BOUGHT_HEADER, `${store.current().counter}`)
    }
    done(null, payload)
  })
}

function addPages(app: FastifyInstance, { identity, store, report, logs, sendPage }: Shop): void {
  const turnEnd = createTurnEnd()
  for (const url of ['/', BROWSE_PATH]) {
    app.route({
      method: ['GET', 'HEAD'],
      url,
      async handler(_request, reply) {
        await turnEnd()
        const { counter } = store.current()
        logs.osmLine(`${identity};  URL: "${url}";  Count: ${counter}`)
        return sendPage(reply, report(), counter)
      }
    })
  }
  app.route({
    method: ['GET', 'HEAD'],
    url: '/raw',
    handler: async () => ({ booksSold: store.current().counter })
  })
  app.route({ method: ['GET', 'HEAD'], url: '/api/ledger', handler: async () => report() })
}

function addSale(app: FastifyInstance, shop: Shop): void {
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  const preHandler = misbehave(shop.faults, closing.signal)
  app.get(PURCHASE_PATH, { preHandler }, async (request, reply) => {
    // a probe sees that it gets here, and buys nothing
    if (isProbe(request.headers)) return shop.sendPage(reply, shop.report(), shop.store.current().counter)
    const { counter, sold } = await changeBooks(shop, reply, sell(shop))
    const trace = captureTrace(request)
    shop.relay.saleMade(sold, trace)
    shop.logs.logger.debug(
      { counter, request_id: request.headers['x-request-id'], trace_id: request.span?.traceId },
      'sold'
    )
    shop.logs.osmLine('Selling a book!')
    shop.logs.osmLine(`${shop.identity};  URL: "${PURCHASE_PATH}";  Count: ${counter}`)
    await shop.relay.awaitRestock(sold)
    // as in the original the pause comes after the sale: a buyer who leaves meanwhile has bought
    const delayMs = pickDelayMs(shop.saleDelay, Math.random())
    if (delayMs > 0) await pause(delayMs, closing.signal)
    reply.header(BOOKS_BOUGHT_HEADER, `${counter}`)
    return shop.sendPage(reply, shop.report(), counter)
  })
}

function addCounterChanges(app: FastifyInstance, shop: Shop): void {
  const onRequest = createSameOriginCheck(shop.allowedHosts)
  app.post(BROWSE_PATH, { onRequest }, async (request, reply) => {
    const { counter } = await changeBooks(shop, reply, setCounter(parseBookCount(request.body)))
    return shop.sendPage(reply, shop.report(), counter)
  })
  // open to everybody who opens its address, as the contract has it; RESET=off closes it
  app.get('/reset', async (_request, reply) => {
    if (!shop.isResetAllowed) throw httpError(403, '/reset is closed by RESET=off', 'RESET_CLOSED')
    const { counter } = await changeBooks(shop, reply, setCounter(0))
    return shop.sendPage(reply, shop.report(), counter)
  })
}
