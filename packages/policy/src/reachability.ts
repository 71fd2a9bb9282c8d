import { findService, type ServiceName, selectedBy } from '@bookstore/contract'
import { evaluateAccess } from './access/evaluate.ts'
import type { MeshRequest } from './access/request.ts'
import type { Mesh } from './mesh.ts'

/** What keeps a request from a service as a whole, in words; '' where nothing does. */
export interface Reachability {
  /** Why the connection is closed before a backend is chosen. */
  readonly reset: string
  /** That the service has no pods. */
  readonly missing: string
}

/**
 * What stands between a source and a service before any backend is chosen: OSM's client sidecar has no
 * route at all to a service none of whose pods it may reach.
 */
export function reachabilityOf(mesh: Mesh, request: MeshRequest & { readonly service: ServiceName }): Reachability {
  const { topology } = mesh
  const service = findService(topology, request.service)
  const pods = service === undefined ? [] : selectedBy(topology, service)
  if (pods.length === 0) return { reset: '', missing: `no pod is behind ${request.service.name}` }
  const resets = pods.flatMap(destination => {
    const access = evaluateAccess(mesh, { ...request, destination })
    return !access.allowed && access.how === 'reset' ? [access.why] : []
  })
  const reset = resets.length < pods.length ? '' : [...new Set(resets)].join('; ')
  return { reset, missing: '' }
}
