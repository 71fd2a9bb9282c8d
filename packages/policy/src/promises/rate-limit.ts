import { hasLabels, type ServiceName, sameService, type Workload } from '@bookstore/contract'
import type { ServiceRequest } from '../decide.ts'
import type { Mesh } from '../mesh.ts'
import { nameOf, type PolicySet } from '../model.ts'
import { regexPattern } from '../pattern.ts'
import type { RateLimit, UpstreamTrafficSetting } from '../traffic.ts'

/** A limit that the proxy of each pod keeps for itself. */
export interface DeclaredRateLimit extends RateLimit {
  readonly source: string
}

/**
 * The limit before a pod for requests to a service; null where nothing is declared. OSM finds the setting by the service
 * that the client calls; Istio selects the pod.
 */
export function declaredRateLimit(
  { policies }: Pick<Mesh, 'policies'>,
  { service, path }: Pick<ServiceRequest, 'service' | 'path'>,
  workload: Workload
): DeclaredRateLimit | null {
  const setting = settingOf(policies, service)
  const limit = setting && (routeLimit(setting, path) ?? setting.rateLimit)
  if (setting !== undefined && limit) return { ...limit, source: nameOf(setting.ref) }
  for (const { ref, selector, rateLimit } of policies.localRateLimits) {
    if (rateLimit === null || ref.namespace !== workload.namespace) continue
    if (selector === null || hasLabels(workload.labels, selector)) return { ...rateLimit, source: nameOf(ref) }
  }
  return null
}

/** The UpstreamTrafficSetting of a service; the first one, where there are several. */
export function settingOf(policies: PolicySet, service: ServiceName): UpstreamTrafficSetting | undefined {
  return policies.upstreamTrafficSettings.find(({ host }) => sameService(host, service))
}

function routeLimit({ routes }: UpstreamTrafficSetting, path: string): RateLimit | undefined {
  const asked = path.split('?')[0] ?? path
  return routes.find(route => route.path === asked || matches(route.path, asked))?.rateLimit
}

// OSM compares with the route's expression as text; here the path of a request is what is known
function matches(expression: string, path: string): boolean {
  try {
    return regexPattern(expression).matches(path)
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
