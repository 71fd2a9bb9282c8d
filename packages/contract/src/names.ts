/** A Kubernetes Service. */
export interface ServiceName {
  readonly namespace: string
  readonly name: string
}

/** A Kubernetes ServiceAccount: the identity of a workload in a mesh. */
export interface Account {
  readonly namespace: string
  readonly serviceAccount: string
}

/** The port on which every app and every Service of the bookstore answers. */
const PORT = 14_001

/** The Service behind which all versions of the bookstore stand. */
export const BOOKSTORE: ServiceName = { namespace: 'bookstore', name: 'bookstore' }

export const BOOKWAREHOUSE: ServiceName = { namespace: 'bookwarehouse', name: 'bookwarehouse' }

/** `http://bookstore.bookstore.svc.cluster.local:14001`: where a Service of ours answers in a cluster. */
export function clusterOrigin({ namespace, name }: ServiceName): string {
  return `http://${name}.${namespace}.svc.cluster.local:${PORT}`
}

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?'
const serviceHost = new RegExp(`^(${label})(?:\\.(${label})(?:\\.svc(?:\\.cluster\\.local)?)?)?\\.?$`)

/**
 * The service a host names, as a pod of `namespace` would resolve it: `bookstore`, `bookstore.bookstore`,
 * with or without `.svc` or `.svc.cluster.local`. null for a host that names no service of the cluster.
 */
export function parseServiceHost(host: string, namespace: string): ServiceName | null {
  const parts = serviceHost.exec(host.toLowerCase())
  if (parts?.[1] === undefined) return null
  return { name: parts[1], namespace: parts[2] ?? namespace }
}

/** Whether two names mean one service. */
export function sameService(left: ServiceName, right: ServiceName): boolean {
  return left.name === right.name && left.namespace === right.namespace
}

/** Whether two names mean one account. */
export function sameAccount(left: Account, right: Account): boolean {
  return left.namespace === right.namespace && left.serviceAccount === right.serviceAccount
}
