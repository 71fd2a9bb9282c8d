import { randomUUID } from 'node:crypto'
import type { HttpClient, HttpRequest, TraceSpan, Tracing } from '@bookstore/common'
import {
  browseRequest,
  type ClientRequest,
  type Destination,
  EGRESS_HEADERS,
  purchaseRequest,
  type VersionSource
} from '@bookstore/contract'
import { type Attempt, attempt } from './attempt.ts'
import type { ProxyPresence } from './outcome.ts'

/** What a shopper does at the bookstore. */
export interface StoreVisits {
  /**
   * One iteration as the original does it: look at the books, buy one, and reach outside the mesh if that is wanted.
   */
  visit(): Promise<readonly Attempt[]>
  /** Only buys. */
  buy(): Promise<Attempt>
  /**
   * Only reaches outside the mesh, once for each address, on fresh connections: one from before a change of policy may
   * still lead outside.
   */
  leave(): Promise<readonly Attempt[]>
}

export interface StoreVisitsOptions {
  readonly client: HttpClient
  readonly store: Destination
  readonly versionSource?: VersionSource | undefined
  readonly egressUrls: readonly string[]
  readonly proxy: () => ProxyPresence
  /** Gives the ticket of a purchase that is about to be sent. */
  readonly beginPurchase: () => number
  /** Told of every attempt to buy, whoever made it, of the seconds it took, and of the id of its trace if that is kept. */
  readonly onPurchase: (attempt: Attempt, seconds: number, trace?: string) => void
  readonly tracing?: Tracing | undefined
  readonly signal: AbortSignal
}

/** StoreVisits to one bookstore. */
export function createStoreVisits(options: StoreVisitsOptions): StoreVisits {
  const { client, store, egressUrls, proxy, versionSource: source, beginPurchase, onPurchase, signal } = options
  // a service that is no bookstore has no books to look at
  const browse = store.path === undefined ? sendable(browseRequest(store)) : undefined
  const purchase = sendable(purchaseRequest(store))
  const buy = async ({ requestId, span }: Purchase) => {
    const ticket = beginPurchase()
    const startedAt = performance.now()
    const request = partOf(purchase, requestId, span)
    const attempted = { ...(await attempt(client, request, { proxy, signal, source })), ticket }
    onPurchase(attempted, (performance.now() - startedAt) / 1000, span?.isSampled ? span.traceId : undefined)
    return attempted
  }
  const leave = (parent?: TraceSpan) =>
    Promise.all(egressUrls.map(url => attempt(client, { url, headers: EGRESS_HEADERS, parent }, { proxy, signal })))
  const visit = async (current: Purchase) => {
    const { requestId, span: parent } = current
    const browsed = browse && (await attempt(client, partOf(browse, requestId, parent), { proxy, signal }))
    const bought = await buy(current)
    return { bought, attempts: [...(browsed ? [browsed] : []), bought, ...(await leave(parent))] }
  }
  const buyOnly = async (current: Purchase) => ({ bought: await buy(current) })
  return {
    leave() {
      client.renewConnections()
      return leave()
    },
    buy: async () => (await asPurchase(options.tracing, buyOnly)).bought,
    visit: async () => (await asPurchase(options.tracing, visit)).attempts
  }
}

/** What the requests of one purchase have in common. */
interface Purchase {
  /** By it the logs of all programs on the way tell one purchase from the others, also where nothing is traced. */
  readonly requestId: string
  readonly span: TraceSpan | undefined
}

// one purchase is one trace, whatever comes of it: a denial on the way makes no other span
async function asPurchase<T extends { readonly bought: Attempt }>(
  tracing: Tracing | undefined,
  work: (purchase: Purchase) => Promise<T>
): Promise<T> {
  const requestId = randomUUID()
  const span = tracing?.start({ name: 'purchase', kind: 'internal' })
  if (span === undefined) return work({ requestId, span })
  try {
    const done = await work({ requestId, span })
    tellOutcome(span, done.bought.outcome)
    return done
  } finally {
    span.end()
  }
}

function tellOutcome(span: TraceSpan, outcome: Attempt['outcome']): void {
  span.set({ 'bookstore.purchase.outcome': outcome.kind })
  if (outcome.kind === 'bought') span.set({ 'bookstore.version': outcome.version })
  if (outcome.kind === 'denied') span.set({ 'bookstore.purchase.reason': outcome.how })
  if (outcome.kind === 'failed') {
    span.set({ 'bookstore.purchase.reason': outcome.why })
    span.fail(outcome.why)
  }
}

function partOf(request: HttpRequest, requestId: string, parent: TraceSpan | undefined): HttpRequest {
  return { ...request, headers: { ...request.headers, 'x-request-id': requestId }, parent }
}

function sendable({ origin, method, path, headers }: ClientRequest): HttpRequest {
  return { url: `${origin}${path}`, method, headers }
}
