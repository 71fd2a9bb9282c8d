import type { Account, ServiceName } from '@bookstore/contract'
import type { ObjectRef } from './object-ref.ts'

// How requests are carried out: what policies say beside where requests go and whether they may. Times are in ms.

/** When and how often a proxy tries again, in Envoy's words. */
export interface RetrySettings {
  /** Tries after the first one. */
  readonly retries: number
  /** Conditions such as `5xx`, `reset` or a status code; the object's own words. */
  readonly retryOn: readonly string[]
  /** Deadline of each try; null: none of its own. */
  readonly perTryTimeoutMs: number | null
  /** Base of the exponential backoff; null: Envoy's own 25 ms. */
  readonly backoffMs: number | null
}

/** What a rule of a VirtualService or HTTPRoute says of the way its requests are carried out. */
export interface RuleTraffic {
  /** Deadline of the whole request with its retries; null: none declared. */
  readonly timeoutMs: number | null
  readonly retry: RetrySettings | null
}

/** policy.openservicemesh.io Retry. */
export interface OsmRetry {
  readonly ref: ObjectRef
  readonly source: Account
  readonly destinations: readonly ServiceName[]
  readonly settings: RetrySettings
}

/** A token bucket in each proxy: `perFill` tokens every `fillMs`, at most `most`. */
export interface RateLimit {
  readonly perFill: number
  readonly fillMs: number
  readonly most: number
  /** Status of the answer to a request above it. */
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/** Bounds of what is under way from one proxy to one cluster; null: not declared. */
export interface ConnectionPool {
  readonly maxConnections: number | null
  readonly maxRequests: number | null
  readonly maxPendingRequests: number | null
  /** Requests after which a connection is closed. */
  readonly maxRequestsPerConnection: number | null
  /** Retries under way at the same time. */
  readonly maxRetries: number | null
  readonly connectTimeoutMs: number | null
}

/** policy.openservicemesh.io UpstreamTrafficSetting. */
export interface UpstreamTrafficSetting {
  readonly ref: ObjectRef
  readonly host: ServiceName
  readonly connectionPool: ConnectionPool | null
  readonly rateLimit: RateLimit | null
  /** Limits of single paths, by the path as the route writes it. */
  readonly routes: readonly { readonly path: string; readonly rateLimit: RateLimit }[]
}

/** When a proxy leaves out a pod that fails, in Envoy's terms. */
export interface OutlierDetection {
  /** Errors in a row; 0: not looked at. */
  readonly consecutive5xx: number
  /** 502, 503 and 504 in a row; 0: not looked at. */
  readonly consecutiveGatewayErrors: number
  readonly intervalMs: number
  readonly baseEjectionMs: number
  readonly maxEjectionPercent: number
}

/** trafficPolicy of a DestinationRule, or of one of its subsets. */
export interface TrafficPolicy {
  readonly connectionPool: ConnectionPool | null
  readonly outlierDetection: OutlierDetection | null
  readonly balancer: 'ROUND_ROBIN' | 'RANDOM' | 'LEAST_REQUEST' | null
}

/** EnvoyFilter with a local rate limit for the inbound requests of workloads. */
export interface LocalRateLimit {
  readonly ref: ObjectRef
  /** null: every workload of the namespace. */
  readonly selector: Readonly<Record<string, string>> | null
  /** null where the filter holds nothing that is modelled. */
  readonly rateLimit: RateLimit | null
}

/** What may be reached outside the mesh: policy.openservicemesh.io Egress, networking.istio.io ServiceEntry. */
export interface EgressRule {
  readonly ref: ObjectRef
  /** null: everybody. */
  readonly sources: readonly Account[] | null
  /** Namespaces whose workloads see it (exportTo of a ServiceEntry); null: all. */
  readonly namespaces: readonly string[] | null
  /** Host names; `*.` stands for any label in front. */
  readonly hosts: readonly string[]
  /** Ranges such as `10.1.0.0/16`, of which the destination must be in one; empty: any. */
  readonly addresses: readonly string[]
  readonly ports: readonly { readonly number: number; readonly protocol: 'http' | 'https' | 'tcp' }[]
}

/** networking.istio.io Sidecar without a workload selector: what its namespace may reach. */
export interface OutboundMode {
  readonly ref: ObjectRef
  readonly registryOnly: boolean
}

/** policy.openservicemesh.io IngressBackend: who outside the mesh gets in; it decides nothing inside the mesh. */
export interface IngressBackend {
  readonly ref: ObjectRef
  readonly backends: readonly { readonly name: string; readonly port: number; readonly protocol: 'http' | 'https' }[]
  readonly sources: readonly {
    readonly kind: 'Service' | 'AuthenticatedPrincipal' | 'IPRange'
    readonly name: string
    readonly namespace: string
  }[]
}
