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
  | Denial

/** How and why a request goes nowhere. */
export interface Denial {
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
  const chosen = chooseBackend(mesh, request, random)
  return 'kind' in chosen ? chosen : choosePod(mesh, request, chosen, random)
}

/** The first half of it, done once for a request however often it is tried. */
export function chooseBackend(mesh: Mesh, request: ServiceRequest, random: () => number): Backend | Denial {
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
  // without a split all pods of the service are one cluster, as they are in a mesh
  if (!split.declared) return wholeOf(request, split.backends)
  return pickBackend(split.backends, random())
}

/** The second half, done for each try; pods for which `isLeftOut` holds get nothing. */
export function choosePod(
  mesh: Mesh,
  request: ServiceRequest,
  backend: Backend,
  random: () => number,
  isLeftOut: (address: string) => boolean = () => false
): Decision {
  const pods = podsOf(backend).filter(({ address }) => !isLeftOut(address))
  const pod = pods[Math.floor(random() * pods.length)]
  if (pod === undefined) {
    const all = podsOf(backend).length
    const why =
      all > 0 ? `all ${all} pods of ${backend.name} are ejected` : `${backend.name} has no pod with an address`
    return unhealthy(backend.name, backend.missing || why)
  }
  const name = backend.isWhole ? pod.workload.name : backend.name
  const access = evaluateAccess(mesh, { ...request, destination: pod.workload })
  if (access.allowed) return { kind: 'forward', backend: name, ...pod, by: access.by }
  return { kind: 'denied', destination: name, how: access.how, why: access.why }
}

/** The pods of a backend by address. */
export function podsOf({ workloads }: Backend): readonly { readonly workload: Workload; readonly address: string }[] {
  return workloads.flatMap(workload => workload.addresses.map(address => ({ workload, address })))
}

function wholeOf({ service }: ServiceRequest, backends: readonly Backend[]): Backend {
  const workloads = backends.flatMap(backend => backend.workloads)
  return { name: service.name, service, share: 1, workloads, missing: '', isWhole: true }
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

function unhealthy(destination: string, why: string): Denial {
  return { kind: 'denied', destination, how: '503', why }
}
