import type { HttpRequest } from '@bookstore/common'

/** The user agent of the original's client; the official policies match on it and deny others (docs/contract.md). */
const USER_AGENT = 'Go-http-client/1.1'

/** The two requests of an iteration. */
export interface StoreRequests {
  readonly browse: HttpRequest
  readonly buy: HttpRequest
}

/** The requests to a bookstore at `origin`. Only `browse` says `client-app: bookbuyer`, in the original the thief says so too. */
export function storeRequests(origin: string): StoreRequests {
  return {
    browse: {
      url: `${origin}/books-bought`,
      headers: { 'client-app': 'bookbuyer', 'user-agent': USER_AGENT }
    },
    buy: { url: `${origin}/buy-a-book/new`, headers: { 'user-agent': USER_AGENT } }
  }
}

/** A request that leaves the mesh, to see whether egress is open. */
export function egressRequest(url: string): HttpRequest {
  return { url, headers: { 'user-agent': USER_AGENT } }
}
