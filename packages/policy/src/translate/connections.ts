import { nameOf, type PolicySet } from '../model.ts'
import { settingOf } from '../promises/rate-limit.ts'
import type { ConnectionPool, UpstreamTrafficSetting } from '../traffic.ts'
import {
  durationText,
  fullHost,
  NOTHING,
  type Refusal,
  type TranslatedObject,
  type Translation,
  together
} from './translation.ts'

/**
 * connectionSettings of UpstreamTrafficSettings as DestinationRules, field by field; both meshes set the same bounds of
 * Envoy (pkg/envoy/cds/cluster.go of OSM 1.2.4). Limits of rates are refused: Istio has no kind for them.
 */
export function translateConnections(policies: PolicySet): Translation {
  return together(
    policies.upstreamTrafficSettings.map(setting => {
      const first = settingOf(policies, setting.host)
      if (first !== setting && first !== undefined) return shadowed(setting, first)
      return { ...NOTHING, objects: destinationRule(setting), refusals: limitsOf(setting) }
    })
  )
}

function destinationRule({ ref, host, connectionPool }: UpstreamTrafficSetting): TranslatedObject[] {
  const pool = connectionPool === null ? {} : poolOf(connectionPool)
  if (Object.keys(pool).length === 0) return []
  return [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: ref.name, namespace: ref.namespace },
      spec: { host: fullHost(host), trafficPolicy: { connectionPool: pool } }
    }
  ]
}

function poolOf(pool: ConnectionPool): Readonly<Record<string, unknown>> {
  const tcp = {
    ...(pool.maxConnections !== null && { maxConnections: pool.maxConnections }),
    ...(pool.connectTimeoutMs !== null && { connectTimeout: durationText(pool.connectTimeoutMs) })
  }
  const http = {
    ...(pool.maxRequests !== null && { http2MaxRequests: pool.maxRequests }),
    ...(pool.maxPendingRequests !== null && { http1MaxPendingRequests: pool.maxPendingRequests }),
    ...(pool.maxRequestsPerConnection !== null && { maxRequestsPerConnection: pool.maxRequestsPerConnection }),
    ...(pool.maxRetries !== null && { maxRetries: pool.maxRetries })
  }
  return {
    ...(Object.keys(tcp).length > 0 && { tcp }),
    ...(Object.keys(http).length > 0 && { http })
  }
}

function limitsOf({ ref, rateLimit, routes }: UpstreamTrafficSetting): readonly Refusal[] {
  const fields = [
    ...(rateLimit === null ? [] : ['rateLimit.local.http']),
    ...(routes.length === 0 ? [] : ['httpRoutes']),
    ...(ref.unjudged ?? []).map(field => field.replace(/^spec\./, ''))
  ]
  return fields.map(field => ({
    object: nameOf(ref),
    reason: `${field}: OSM limits requests by the Service that is called, and Istio has no kind for it; an EnvoyFilter limits a pod, whichever Service is called`,
    todo: 'where all requests to the pods may be limited alike, write an EnvoyFilter with a local rate limit, as deploy/policies/istio/rate-limit.yaml does'
  }))
}

function shadowed({ ref, host }: UpstreamTrafficSetting, first: UpstreamTrafficSetting): Translation {
  const reason = `${nameOf(first.ref)} is about ${host.name} already, and the first one holds`
  return { ...NOTHING, refusals: [{ object: nameOf(ref), reason, todo: 'put both into one' }] }
}
