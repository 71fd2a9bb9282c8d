import { BOOKSTORE, BOOKWAREHOUSE, clusterOrigin, type ServiceName } from './names.ts'
import type { Workload } from './topology.ts'

/** A request that one of the applications really sends: the policies are asked about just this. */
export interface ClientRequest {
  readonly service: ServiceName
  /** Where it is sent to, such as `http://bookstore.bookstore.svc.cluster.local:14001`. */
  readonly origin: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** With `host`, as the server sees it. */
  readonly headers: Readonly<Record<string, string>>
}

/** The Service that a client calls, and the origin at which it calls it. */
export interface Destination {
  readonly service: ServiceName
  readonly origin: string
  /** Path of a purchase where it is not the bookstore's own: that of any other service. */
  readonly path?: string | undefined
}

export const BROWSE_PATH = '/books-bought'
export const PURCHASE_PATH = '/buy-a-book/new'
export const RESTOCK_PATH = '/restock-books'

/** The user agent of the original's client; the official policies match on it and deny others (docs/contract.md). */
const AGENT = { 'user-agent': 'Go-http-client/1.1' }

/** The request that looks at the books. Only it says `client-app: bookbuyer`; in the original the thief says so too. */
export function browseRequest(store: Destination): ClientRequest {
  const headers = { ...AGENT, host: new URL(store.origin).host, 'client-app': 'bookbuyer' }
  return { ...store, method: 'GET', path: BROWSE_PATH, headers }
}

/** The request that buys a book. */
export function purchaseRequest(store: Destination): ClientRequest {
  const headers = { ...AGENT, host: new URL(store.origin).host }
  return { ...store, method: 'GET', path: store.path ?? PURCHASE_PATH, headers }
}

/** The request that restocks; in a cluster its Host is the short name, as the original's client writes it. */
export function restockRequest(warehouse: Destination): ClientRequest {
  const { service, origin } = warehouse
  const isInCluster = origin === clusterOrigin(service)
  const host = isInCluster ? `${service.name}.${service.namespace}` : new URL(origin).host
  return { ...warehouse, method: 'POST', path: RESTOCK_PATH, headers: { ...AGENT, host } }
}

/** Headers of a request that leaves the mesh, to see whether egress is open. */
export const EGRESS_HEADERS: Readonly<Record<string, string>> = AGENT

/** A Service where it answers in a cluster, unless it is called at another origin. */
export function destinationOf(service: ServiceName, origin = clusterOrigin(service)): Destination {
  return { service, origin }
}

/** The purchase under the bookstore's own names. */
export const PURCHASE: ClientRequest = purchaseRequest(destinationOf(BOOKSTORE))

/** What a workload sends, by its `app` label; nothing for one that calls nobody. */
export function clientRequestsOf({ labels }: Workload): readonly ClientRequest[] {
  const app = labels['app']
  if (app === 'bookbuyer' || app === 'bookthief') {
    return [browseRequest(destinationOf(BOOKSTORE)), PURCHASE]
  }
  return app === 'bookstore' ? [restockRequest(destinationOf(BOOKWAREHOUSE))] : []
}

/** The headers that a workload sends with a request, if it is one of its own; else what all of them send. */
export function headersOf(source: Workload, method: string, path: string): Readonly<Record<string, string>> {
  const own = clientRequestsOf(source).find(request => request.method === method.toUpperCase() && request.path === path)
  return own?.headers ?? AGENT
}
