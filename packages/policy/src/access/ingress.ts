import { findService, hasLabels, type Workload } from '@bookstore/contract'
import type { Mesh } from '../mesh.ts'
import { rangePattern } from '../pattern.ts'
import type { IngressBackend } from '../traffic.ts'
import { istioAccess, mtlsMode } from './istio.ts'
import { factsOf } from './request.ts'

/** A request from outside the mesh, straight to a pod's port and without a certificate. */
export interface IngressRequest {
  readonly address: string
  readonly destination: Workload
  readonly port: number
}

/**
 * Whether a caller outside the mesh gets in without a certificate. OSM: an IngressBackend of a Service of the pod opens
 * the port to ranges of addresses (pkg/catalog/ingress.go of 1.2.4). Istio: the port is not STRICT, and
 * AuthorizationPolicies let the address in. Ends of connections that are known to be others, such as the addresses of a
 * Service's pods, are not looked at.
 */
export function ingressAccess({ policies, topology }: Mesh, request: IngressRequest): boolean {
  const { destination, port, address } = request
  if (policies.meshConfig !== null || policies.ingressBackends.length > 0) {
    const opened = policies.ingressBackends.filter(({ ref, backends }) =>
      backends.some(backend => {
        const service = findService(topology, { name: backend.name, namespace: ref.namespace })
        return (
          service !== undefined &&
          ref.namespace === destination.namespace &&
          hasLabels(destination.labels, service.selector) &&
          backend.port === port &&
          backend.protocol === 'http'
        )
      })
    )
    return opened.some(backend => isSource(backend, address))
  }
  if (mtlsMode(policies, destination, port) === 'STRICT') return false
  const nobody = { namespace: '', serviceAccount: '' }
  const facts = { ...factsOf({ source: nobody, method: 'GET', path: '/', port }), address }
  return istioAccess(policies, facts, destination)?.allowed ?? true
}

// without any address among the sources, OSM opens a plain port to everybody
function isSource({ sources }: IngressBackend, address: string): boolean {
  const bound = sources.filter(({ kind }) => kind !== 'AuthenticatedPrincipal')
  const ranges = bound.filter(({ kind }) => kind === 'IPRange')
  return bound.length === 0 || ranges.some(({ name }) => rangePattern(name).matches(address))
}
