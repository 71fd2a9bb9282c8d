import type { HttpClient } from '@bookstore/common'
import { type Attempt, attempt } from './attempt.ts'
import type { ProxyPresence } from './outcome.ts'
import { egressRequest, storeRequests } from './requests.ts'

/** A shopper's errands. */
export interface Errands {
  /** One iteration as the original does it: look at the books, buy one, and reach outside the mesh if that is wanted. */
  visit(): Promise<readonly Attempt[]>
  /** Only buys. */
  buy(): Promise<Attempt>
}

export interface ErrandsOptions {
  readonly client: HttpClient
  readonly storeOrigin: string
  readonly egressUrls: readonly string[]
  readonly proxy: () => ProxyPresence
  /** Gives the ticket of a purchase that is about to be sent. */
  readonly beginPurchase: () => number
  /** Told of every attempt to buy, whoever made it. */
  readonly onPurchase: (attempt: Attempt) => void
  readonly signal: AbortSignal
}

/** Errands to one bookstore. */
export function createErrands(options: ErrandsOptions): Errands {
  const { client, egressUrls, proxy, beginPurchase, onPurchase, signal } = options
  const requests = storeRequests(options.storeOrigin)
  const buy = async () => {
    const ticket = beginPurchase()
    const purchase = { ...(await attempt(client, requests.buy, { proxy, signal })), ticket }
    onPurchase(purchase)
    return purchase
  }
  return {
    buy,
    async visit() {
      const browsed = await attempt(client, requests.browse, { proxy, signal })
      const bought = await buy()
      const outside = egressUrls.map(url => attempt(client, egressRequest(url), { proxy, signal }))
      return [browsed, bought, ...(await Promise.all(outside))]
    }
  }
}
