import type { ServiceName } from './model.ts'

const label = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?'
const serviceHost = new RegExp(
  `^(${label})(?:\\.(${label})(?:\\.svc(?:\\.cluster\\.local)?)?)?\\.?$`
)

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
