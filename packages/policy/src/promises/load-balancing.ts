import type { ServiceRequest } from '../decide.ts'
import type { Mesh } from '../mesh.ts'
import { backendsOf } from '../split/weighted-backends.ts'
import { partOfTrafficPolicy } from './traffic-policy.ts'

/** How requests to one backend are shared among its pods. */
export interface DeclaredBalance {
  readonly backend: string
  /** Workloads behind it; each of their pods gets the same in the long run. */
  readonly workloads: readonly string[]
  /** Pods that are known by address; 0 where the topology has none. */
  readonly pods: number
  readonly source: string
}

/**
 * Who shares what, for each backend of a request. Every balancer of Envoy's that is modelled (round robin, random, least
 * request) gives pods that answer alike the same share.
 */
export function declaredBalance(mesh: Mesh, request: ServiceRequest): readonly DeclaredBalance[] {
  const { service } = request
  const split = backendsOf(mesh, service, request)
  if (split === null) return []
  const own = `Service ${service.namespace}/${service.name}`
  if (!split.declared) {
    const workloads = split.backends.flatMap(backend => backend.workloads)
    const part = partOfTrafficPolicy(mesh, { service }, 'balancer')
    return [balanceOf(service.name, workloads, part?.source ?? own)]
  }
  return split.backends.map(backend => {
    const part = partOfTrafficPolicy(mesh, backend, 'balancer')
    return balanceOf(
      backend.name,
      backend.workloads,
      part?.source ?? `Service ${backend.service.namespace}/${backend.service.name}`
    )
  })
}

function balanceOf(
  backend: string,
  workloads: readonly { readonly name: string; readonly addresses: readonly string[] }[],
  source: string
): DeclaredBalance {
  const pods = workloads.reduce((sum, { addresses }) => sum + addresses.length, 0)
  return { backend, workloads: workloads.map(({ name }) => name), pods, source }
}
