import type { Mesh } from '../mesh.ts'
import { nameOf, type PolicySet } from '../model.ts'
import { istioAccess } from './istio.ts'
import { isOsmStrict, osmAccess } from './osm.ts'
import { type Access, type AccessRequest, factsOf } from './request.ts'

/**
 * Whether the declared policies let a request reach a workload, by which rule, or why not and how the
 * client sees it. OSM and Istio are asked in turn and both must agree; each has its own default:
 * OSM denies everything once permissive mode is off, Istio only where an AuthorizationPolicy selects the
 * workload. Never throws.
 */
export function evaluateAccess({ policies }: Mesh, request: AccessRequest): Access {
  const facts = factsOf(request)
  const strict = isOsmStrict(policies)
  const osm = strict ? osmAccess(policies, facts, request.destination) : null
  if (osm !== null && !osm.allowed) return osm
  return istioAccess(policies, facts, request.destination) ?? osm ?? allowedByDefault(policies)
}

function allowedByDefault({ meshConfig, trafficTargets }: PolicySet): Access {
  if (meshConfig !== null) return { allowed: true, by: `permissive mode of ${nameOf(meshConfig.ref)}` }
  const targets = trafficTargets.length > 0 ? ' (without a MeshConfig, TrafficTargets do not decide)' : ''
  return { allowed: true, by: `default: no policy denies it${targets}` }
}
