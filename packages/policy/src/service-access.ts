import { evaluateAccess } from './access/evaluate.ts'
import type { ServiceRequest } from './decide.ts'
import type { Mesh } from './mesh.ts'
import { reachabilityOf } from './reachability.ts'
import { type Backend, backendsOf } from './split/weighted-backends.ts'

/** What becomes of a kind of request at a service, over all backends that get any of it. */
export interface ServiceAccess {
  /** `partly`: some backends allow it, some deny it. */
  readonly access: 'allowed' | 'denied' | 'partly'
  /** Why what is denied is denied, in words; '' where nothing is. */
  readonly why: string
}

/**
 * Whether requests of this kind get through to a service, whichever backend they go to; for a verdict, which
 * expects one outcome, and for a page, which tells why. null where the topology has no such service.
 */
export function serviceAccess(mesh: Mesh, request: ServiceRequest): ServiceAccess | null {
  const split = backendsOf(mesh, request.service, request)
  if (split === null) return null
  const { reset, missing } = reachabilityOf(mesh, request)
  if (reset !== '' || (missing !== '' && !split.declared)) return { access: 'denied', why: reset || missing }
  const taking = split.backends.filter(({ share }) => share > 0)
  if (taking.length === 0) {
    return {
      access: 'denied',
      why: `${request.method} ${request.path} matches no rule of ${split.source}`
    }
  }
  const answers = taking.flatMap(backend => answersOf(mesh, request, backend))
  const denials = answers.filter(why => why !== '')
  const access = denials.length === 0 ? 'allowed' : denials.length === answers.length ? 'denied' : 'partly'
  return { access, why: [...new Set(denials)].join('; ') }
}

/** Why each workload of a backend denies; '' for one that allows. */
function answersOf(mesh: Mesh, request: ServiceRequest, { workloads, missing }: Backend): string[] {
  if (workloads.length === 0) return [missing]
  return workloads.map(destination => {
    const access = evaluateAccess(mesh, { ...request, destination })
    return access.allowed ? '' : access.why
  })
}
