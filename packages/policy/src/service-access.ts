import { evaluateAccess } from './access/evaluate.ts'
import type { ServiceRequest } from './decide.ts'
import type { PolicySet } from './model.ts'
import { obstacleTo } from './obstacle.ts'
import { type Backend, splitOf } from './split/split-of.ts'
import type { Topology } from './topology.ts'

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
export function serviceAccess(
  policies: PolicySet,
  topology: Topology,
  request: ServiceRequest
): ServiceAccess | null {
  const split = splitOf(policies, topology, request.service, request)
  if (split === null) return null
  const { reset, missing } = obstacleTo(policies, topology, request)
  if (reset !== '' || (missing !== '' && !split.declared))
    return { access: 'denied', why: reset || missing }
  const taking = split.backends.filter(({ share }) => share > 0)
  if (taking.length === 0) {
    return {
      access: 'denied',
      why: `${request.method} ${request.path} matches no rule of ${split.source}`
    }
  }
  const answers = taking.flatMap(backend => answersOf(policies, topology, request, backend))
  const denials = answers.filter(why => why !== '')
  const access =
    denials.length === 0 ? 'allowed' : denials.length === answers.length ? 'denied' : 'partly'
  return { access, why: [...new Set(denials)].join('; ') }
}

/** Why each workload of a backend denies; '' for one that allows. */
function answersOf(
  policies: PolicySet,
  topology: Topology,
  request: ServiceRequest,
  { workloads, missing }: Backend
): string[] {
  if (workloads.length === 0) return [missing]
  return workloads.map(destination => {
    const access = evaluateAccess(policies, topology, { ...request, destination })
    return access.allowed ? '' : access.why
  })
}
