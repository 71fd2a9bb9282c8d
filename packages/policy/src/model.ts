import type { Account, ServiceName, Weight } from '@bookstore/contract'
import type { ObjectRef } from './object-ref.ts'
import type { Pattern } from './pattern.ts'
import type {
  EgressRule,
  IngressBackend,
  LocalRateLimit,
  OsmRetry,
  OutboundMode,
  RuleTraffic,
  TrafficPolicy,
  UpstreamTrafficSetting
} from './traffic.ts'

export type { ObjectRef } from './object-ref.ts'

/** OSM's switch. `permissive` true: TrafficTargets are not looked at, everything in the mesh is allowed. */
export interface MeshConfig {
  readonly ref: ObjectRef
  readonly permissive: boolean
  /** null where the file does not say. */
  readonly egress: boolean | null
  /** Whether Retry objects are looked at: featureFlags.enableRetryPolicy. */
  readonly retries: boolean
}

/** What a request must look like; an absent part matches everything. */
export interface RequestMatch {
  /** Name in its HTTPRouteGroup, VirtualService or HTTPRoute; '' where it has none. */
  readonly name: string
  readonly path?: Pattern
  /** Upper-case methods; absent or holding '*' means any. */
  readonly methods?: readonly string[]
  /** All must match. Names are lower-case; `host` is the request's authority. */
  readonly headers: readonly HeaderMatch[]
  /** Whose requests are meant (sourceNamespace and sourceLabels of a VirtualService). */
  readonly caller?: CallerMatch
}

/** A caller by its pod. */
export interface CallerMatch {
  /** null: any. */
  readonly namespace: string | null
  readonly labels: Readonly<Record<string, string>>
}

export interface HeaderMatch {
  readonly name: string
  readonly pattern: Pattern
}

export interface HttpRouteGroup {
  readonly ref: ObjectRef
  readonly matches: readonly RequestMatch[]
}

export interface TcpRoute {
  readonly ref: ObjectRef
  /** Empty means every port. */
  readonly ports: readonly number[]
}

export interface TrafficTarget {
  readonly ref: ObjectRef
  readonly destination: Account
  readonly sources: readonly Account[]
  readonly rules: readonly TrafficTargetRule[]
}

export interface TrafficTargetRule {
  readonly kind: 'HTTPRouteGroup' | 'TCPRoute'
  readonly name: string
  readonly matches: readonly string[]
}

/** One shape for what TrafficSplit, VirtualService and HTTPRoute say: where requests to a service go. */
export interface SplitPolicy {
  readonly ref: ObjectRef
  readonly roots: readonly ServiceName[]
  /** The first rule that matches a request decides. */
  readonly rules: readonly SplitRule[]
}

export interface SplitRule {
  /** Any of them; empty means every request. */
  readonly matches: readonly RequestMatch[]
  readonly backends: readonly SplitBackend[]
  /** How these requests are carried out; null where the kind cannot say. */
  readonly traffic: RuleTraffic | null
}

export interface SplitBackend {
  readonly service: ServiceName
  /** Name of a DestinationRule subset (Istio). */
  readonly subset?: string
  readonly weight: Weight
  /** The weight as it was written, for messages. */
  readonly written: string
}

export interface DestinationRule {
  readonly ref: ObjectRef
  readonly host: ServiceName
  /** Of the whole host; null where nothing is said. */
  readonly traffic: TrafficPolicy | null
  readonly subsets: readonly Subset[]
}

interface Subset {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Wins over that of the host. */
  readonly traffic: TrafficPolicy | null
}

export interface AuthorizationPolicy {
  readonly ref: ObjectRef
  /** null: every workload of the namespace (or of the mesh, in the root namespace). */
  readonly selector: Readonly<Record<string, string>> | null
  readonly action: 'ALLOW' | 'DENY'
  readonly rules: readonly AuthorizationRule[]
}

/** `from` and `to` are alternatives (any of them, empty: all); every one of `when` must hold. */
export interface AuthorizationRule {
  readonly from: readonly (readonly Condition[])[]
  readonly to: readonly (readonly Condition[])[]
  readonly when: readonly Condition[]
}

/** One thing to look at, and the values one of which it must (or, in `not`, must not) match. */
export interface Condition {
  readonly attribute: Attribute
  readonly values: readonly Pattern[]
  readonly notValues: readonly Pattern[]
}

export type Attribute =
  | {
      readonly kind: 'principal' | 'namespace' | 'serviceAccount' | 'address' | 'method' | 'path' | 'host' | 'port'
    }
  | { readonly kind: 'header'; readonly name: string }

export interface PeerAuthentication {
  readonly ref: ObjectRef
  readonly selector: Readonly<Record<string, string>> | null
  readonly mode: MtlsMode
  /** Modes of single ports of the selected pods, which win over `mode`. */
  readonly ports: Readonly<Record<string, MtlsMode>>
}

/** Whether a port takes mutual TLS; UNSET: what a wider policy says. */
export type MtlsMode = 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT'

/** Everything that was declared, ready to be evaluated. */
export interface PolicySet {
  readonly meshConfig: MeshConfig | null
  readonly trafficTargets: readonly TrafficTarget[]
  readonly httpRouteGroups: readonly HttpRouteGroup[]
  readonly tcpRoutes: readonly TcpRoute[]
  readonly splits: readonly SplitPolicy[]
  readonly destinationRules: readonly DestinationRule[]
  readonly authorizationPolicies: readonly AuthorizationPolicy[]
  readonly peerAuthentications: readonly PeerAuthentication[]
  readonly osmRetries: readonly OsmRetry[]
  readonly upstreamTrafficSettings: readonly UpstreamTrafficSetting[]
  readonly localRateLimits: readonly LocalRateLimit[]
  readonly egressRules: readonly EgressRule[]
  readonly outboundModes: readonly OutboundMode[]
  readonly ingressBackends: readonly IngressBackend[]
}

/** A set in which nothing was declared. */
export const emptyPolicies: PolicySet = {
  meshConfig: null,
  trafficTargets: [],
  httpRouteGroups: [],
  tcpRoutes: [],
  splits: [],
  destinationRules: [],
  authorizationPolicies: [],
  peerAuthentications: [],
  osmRetries: [],
  upstreamTrafficSettings: [],
  localRateLimits: [],
  egressRules: [],
  outboundModes: [],
  ingressBackends: []
}

/** `TrafficTarget bookstore/bookbuyer-access-bookstore`: how messages name an object. */
export function nameOf(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace}/${ref.name}`
}
