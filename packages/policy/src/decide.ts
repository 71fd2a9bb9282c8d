import type { ServiceName, Workload } from '@bookstore/contract'
import { evaluateAccess } from './access/evaluate.ts'
import type { MeshRequest } from './access/request.ts'
import type { Mesh } from './mesh.ts'
import { reachabilityOf } from './reachability.ts'
import { type Backend, backendsOf } from './split/weighted-backends.ts'

/** A request on its way through the mesh, to a service by name. */
export interface ServiceRequest extends MeshRequest {
  readonly service: ServiceName
}

/** To which pod a request goes, or how and why it goes nowhere. */
export type Decision =
  | {
      readonly kind: 'forward'
      readonly backend: string
      readonly workload: Workload
      /** Origin of the chosen pod. */
      readonly address: string
      readonly by: string
    }
  | {
      readonly kind: 'denied'
      /** The backend or service it was meant for. */
      readonly destination: string
      readonly how: 'reset' | '403' | '404' | '503'
      readonly why: string
    }

/**
 * The whole way of one request: backend by weight, a pod of it, access to that pod. `random` gives numbers
 * from 0 up to 1. Throws a RangeError when the topology has no such service: ask `findService` first.
 */
export function decide(mesh: Mesh, request: ServiceRequest, random: () => number): Decision {
  const split = backendsOf(mesh, request.service, request)
  if (split === null) throw new RangeError(`expected a known service, got ${request.service.name}`)
  const destination = request.service.name
  const { reset, missing } = reachabilityOf(mesh, request)
  if (reset !== '') return { kind: 'denied', destination, how: 'reset', why: reset }
  if (missing !== '' && !split.declared) return unhealthy(destination, missing)
  if (split.backends.length === 0) {
    const why = `${request.method} ${request.path} matches no rule of ${split.source}`
    return { kind: 'denied', destination, how: '404', why }
  }
  return toPod(mesh, request, pickBackend(split.backends, random()), random)
}

function toPod(mesh: Mesh, request: ServiceRequest, backend: Backend, random: () => number): Decision {
  const pods = backend.workloads.flatMap(workload => workload.addresses.map(address => ({ workload, address })))
  const pod = pods[Math.floor(random() * pods.length)]
  if (pod === undefined) {
    return unhealthy(backend.name, backend.missing || `${backend.name} has no pod with an address`)
  }
  const access = evaluateAccess(mesh, { ...request, destination: pod.workload })
  if (access.allowed) return { kind: 'forward', backend: backend.name, ...pod, by: access.by }
  return { kind: 'denied', destination: backend.name, how: access.how, why: access.why }
}

function pickBackend(backends: readonly Backend[], at: number): Backend {
  let below = 0
  for (const backend of backends) {
    below += backend.share
    if (at < below) return backend
  }
  // Shares sum to 1 but for rounding: what is left over belongs to the last that gets anything.
  const last = backends.findLast(({ share }) => share > 0)
  if (last === undefined) throw new RangeError('expected a backend with a share above 0, got none')
  return last
}

function unhealthy(destination: string, why: string): Decision {
  return { kind: 'denied', destination, how: '503', why }
}
