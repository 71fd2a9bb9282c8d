import type { ServiceName } from './model.ts'
import type { Workload } from './topology.ts'

/** A request that one of the applications really sends. */
export interface ClientRequest {
  readonly service: ServiceName
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

const agent = { 'user-agent': 'Go-http-client/1.1' }
const bookstore = { name: 'bookstore', namespace: 'bookstore' }
const bookstoreHost = 'bookstore.bookstore.svc.cluster.local:14001'

/** The request that buys a book. */
export const purchase: ClientRequest = {
  service: bookstore,
  method: 'GET',
  path: '/buy-a-book/new',
  headers: { ...agent, host: bookstoreHost }
}

const browse: ClientRequest = {
  service: bookstore,
  method: 'GET',
  path: '/books-bought',
  headers: { ...agent, host: bookstoreHost, 'client-app': 'bookbuyer' }
}

const restock: ClientRequest = {
  service: { name: 'bookwarehouse', namespace: 'bookwarehouse' },
  method: 'POST',
  path: '/restock-books',
  headers: { ...agent, host: 'bookwarehouse.bookwarehouse' }
}

/** What a workload sends, by its `app` label; nothing for one that calls nobody. */
export function clientRequestsOf({ labels }: Workload): readonly ClientRequest[] {
  const app = labels['app']
  if (app === 'bookbuyer' || app === 'bookthief') return [browse, purchase]
  return app === 'bookstore' ? [restock] : []
}

/** The headers a workload sends with a request, if it is one of its own; else what every client of them sends. */
export function defaultHeaders(
  source: Workload,
  method: string,
  path: string
): Readonly<Record<string, string>> {
  const own = clientRequestsOf(source).find(
    request => request.method === method.toUpperCase() && request.path === path
  )
  return own?.headers ?? agent
}
