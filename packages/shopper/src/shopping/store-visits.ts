import { randomUUID } from 'node:crypto'
import type { HttpClient, HttpRequest } from '@bookstore/common'
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
}

export interface StoreVisitsOptions {
  readonly client: HttpClient
  readonly store: Destination
  readonly versionSource?: VersionSource | undefined
  readonly egressUrls: readonly string[]
  readonly proxy: () => ProxyPresence
  /** Gives the ticket of a purchase that is about to be sent. */
  readonly beginPurchase: () => number
  /** Told of every attempt to buy, whoever made it, and of the seconds it took. */
  readonly onPurchase: (attempt: Attempt, seconds: number) => void
  readonly signal: AbortSignal
}

/** StoreVisits to one bookstore. */
export function createStoreVisits(options: StoreVisitsOptions): StoreVisits {
  const { client, store, egressUrls, proxy, versionSource: source, beginPurchase, onPurchase, signal } = options
  // a service that is no bookstore has no books to look at
  const browse = store.path === undefined ? sendable(browseRequest(store)) : undefined
  const purchase = sendable(purchaseRequest(store))
  const buy = async (requestId: string = randomUUID()) => {
    const ticket = beginPurchase()
    const startedAt = performance.now()
    const attempted = {
      ...(await attempt(client, withRequestId(purchase, requestId), { proxy, signal, source })),
      ticket
    }
    onPurchase(attempted, (performance.now() - startedAt) / 1000)
    return attempted
  }
  return {
    buy: () => buy(),
    async visit() {
      const requestId = randomUUID()
      const browsed = browse && (await attempt(client, withRequestId(browse, requestId), { proxy, signal }))
      const bought = await buy(requestId)
      const outside = egressUrls.map(url => attempt(client, { url, headers: EGRESS_HEADERS }, { proxy, signal }))
      return [...(browsed ? [browsed] : []), bought, ...(await Promise.all(outside))]
    }
  }
}

// by it the logs of all programs on the way tell one purchase from the others, also where nothing is traced
function withRequestId(request: HttpRequest, id: string): HttpRequest {
  return { ...request, headers: { ...request.headers, 'x-request-id': id } }
}

function sendable({ origin, method, path, headers }: ClientRequest): HttpRequest {
  return { url: `${origin}${path}`, method, headers }
}
