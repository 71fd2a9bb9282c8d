import type { Mesh } from '../mesh.ts'
import { nameOf } from '../model.ts'
import type { Backend } from '../split/weighted-backends.ts'
import type { ConnectionPool } from '../traffic.ts'
import { settingOf } from './rate-limit.ts'
import { partOfTrafficPolicy } from './traffic-policy.ts'

/** How much may be under way from one client's proxy to one backend. */
export interface DeclaredBreaker {
  /** Requests at the same time: over HTTP/1.1 each needs a connection of its own. */
  readonly inFlight: number
  /** Requests that may wait for a connection; null: not declared. */
  readonly pending: number | null
  readonly source: string
}

/** The bounds of a backend; null where nothing is declared. OSM has them on the cluster, which is the backend's Service. */
export function declaredBreaker(
  mesh: Pick<Mesh, 'policies'>,
  backend: Pick<Backend, 'service' | 'subset'>
): DeclaredBreaker | null {
  const part = partOfTrafficPolicy(mesh, backend, 'connectionPool')
  const setting = settingOf(mesh.policies, backend.service)
  const pool = part?.value ?? setting?.connectionPool
  if (!pool) return null
  return breakerOf(pool, part?.source ?? (setting && nameOf(setting.ref)) ?? '')
}

function breakerOf({ maxConnections, maxRequests, maxPendingRequests }: ConnectionPool, source: string) {
  const inFlight = Math.min(maxConnections ?? Infinity, maxRequests ?? Infinity)
  return inFlight === Infinity ? null : { inFlight, pending: maxPendingRequests, source }
}
