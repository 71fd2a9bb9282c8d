import type { Topology } from '@bookstore/contract'
import type { ServiceRequest } from '../decide.ts'
import type { Mesh } from '../mesh.ts'
import { type Backend, backendsOf } from '../split/weighted-backends.ts'
import { type DeclaredBreaker, declaredBreaker } from './circuit-breaking.ts'
import { declaredEgress } from './egress.ts'
import { type DeclaredEjection, declaredEjection } from './ejection.ts'
import { type DeclaredBalance, declaredBalance } from './load-balancing.ts'
import { type DeclaredMutualTls, declaredMutualTls } from './mutual-tls.ts'
import { type DeclaredRateLimit, declaredRateLimit } from './rate-limit.ts'
import { type DeclaredRetries, declaredRetries } from './retries.ts'
import { type DeclaredTimeout, declaredTimeout } from './timeouts.ts'

/** Everything that is declared of one client's request, ready for JSON; null and empty where nothing is. */
export interface DeclaredPromises {
  readonly retries: DeclaredRetries | null
  readonly timeout: DeclaredTimeout | null
  readonly rateLimits: readonly (DeclaredRateLimit & { readonly workload: string })[]
  readonly breakers: readonly (DeclaredBreaker & { readonly backend: string })[]
  readonly ejections: readonly (DeclaredEjection & Pick<DeclaredBalance, 'backend' | 'workloads'>)[]
  readonly balance: readonly DeclaredBalance[]
  readonly mutualTls: readonly (DeclaredMutualTls & { readonly workload: string })[]
  /** Only what something is declared of. */
  readonly egress: readonly { readonly url: string; readonly allowed: boolean; readonly source: string }[]
}

/** What is declared of a client's request, with what one needs to ask other policies the same. */
export interface PromiseOutlook {
  readonly topology: Topology
  readonly request: ServiceRequest
  /** Addresses outside the mesh that the client asks on demand. */
  readonly egressUrls: readonly string[]
  /** How long the client itself waits for an answer, in ms. */
  readonly patienceMs: number
  /** null where the topology has no such Service. */
  readonly declared: DeclaredPromises | null
}

/**
 * What is declared of a request, of the stores behind it and of the addresses outside that its client asks. null where
 * the topology has no such Service.
 */
export function declaredPromises(
  mesh: Mesh,
  request: ServiceRequest,
  egressUrls: readonly string[]
): DeclaredPromises | null {
  const backends = clustersOf(mesh, request)
  if (backends === null) return null
  const workloads = [...new Map(backends.flatMap(backend => backend.workloads).map(one => [one.name, one])).values()]
  const egress = egressUrls.flatMap(url => {
    const { hostname, port, protocol } = new URL(url)
    const asked = { source: request.source, host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) }
    const declared = declaredEgress(mesh, asked)
    return declared === null ? [] : [{ url, allowed: declared.allowed, source: declared.source }]
  })
  return {
    retries: declaredRetries(mesh, request),
    timeout: declaredTimeout(mesh, request),
    rateLimits: workloads.flatMap(workload => {
      const limit = declaredRateLimit(mesh, request, workload)
      return limit === null ? [] : [{ ...limit, workload: workload.name }]
    }),
    breakers: backends.flatMap(backend => {
      const breaker = declaredBreaker(mesh, backend)
      return breaker === null ? [] : [{ ...breaker, backend: backend.name }]
    }),
    ejections: backends.flatMap(backend => {
      const ejection = declaredEjection(mesh, backend)
      const names = backend.workloads.map(({ name }) => name)
      return ejection === null ? [] : [{ ...ejection, backend: backend.name, workloads: names }]
    }),
    balance: declaredBalance(mesh, request),
    mutualTls: workloads.flatMap(workload => {
      const tls = declaredMutualTls(mesh, workload)
      return tls === null ? [] : [{ ...tls, workload: workload.name }]
    }),
    egress
  }
}

/** The backends as a proxy has them: without a split all pods of the Service are one. */
function clustersOf(mesh: Mesh, request: ServiceRequest): readonly Backend[] | null {
  const split = backendsOf(mesh, request.service, request)
  if (split === null) return null
  if (split.declared) return split.backends
  const { service } = request
  const workloads = split.backends.flatMap(backend => backend.workloads)
  return [{ name: service.name, service, share: 1, workloads, missing: '', isWhole: true }]
}
