import type { KindName } from '../kinds.ts'
import type {
  AuthorizationPolicy,
  DestinationRule,
  HttpRouteGroup,
  MeshConfig,
  ObjectRef,
  PeerAuthentication,
  SplitPolicy,
  TcpRoute,
  TrafficTarget
} from '../model.ts'
import type {
  EgressRule,
  IngressBackend,
  LocalRateLimit,
  OsmRetry,
  OutboundMode,
  UpstreamTrafficSetting
} from '../traffic.ts'
import type { Field } from './field.ts'
import { readHttpRoute } from './gateway.ts'
import { readEnvoyFilter, readServiceEntry, readSidecar } from './istio-policy.ts'
import { readAuthorizationPolicy, readPeerAuthentication } from './istio-security.ts'
import { readDestinationRule, readVirtualService } from './istio-traffic.ts'
import { readMeshConfig } from './osm.ts'
import { readEgress, readIngressBackend, readRetry, readUpstreamTrafficSetting } from './osm-policy.ts'
import { readHttpRouteGroup, readTcpRoute, readTrafficSplit, readTrafficTarget } from './smi.ts'

/** An object that was read, under the part of the policy set it belongs to. */
export type Read =
  | { readonly part: 'meshConfig'; readonly object: MeshConfig }
  | { readonly part: 'trafficTargets'; readonly object: TrafficTarget }
  | { readonly part: 'httpRouteGroups'; readonly object: HttpRouteGroup }
  | { readonly part: 'tcpRoutes'; readonly object: TcpRoute }
  | { readonly part: 'splits'; readonly object: SplitPolicy }
  | { readonly part: 'destinationRules'; readonly object: DestinationRule }
  | { readonly part: 'authorizationPolicies'; readonly object: AuthorizationPolicy }
  | { readonly part: 'peerAuthentications'; readonly object: PeerAuthentication }
  | { readonly part: 'osmRetries'; readonly object: OsmRetry }
  | { readonly part: 'upstreamTrafficSettings'; readonly object: UpstreamTrafficSetting }
  | { readonly part: 'localRateLimits'; readonly object: LocalRateLimit }
  | { readonly part: 'egressRules'; readonly object: EgressRule }
  | { readonly part: 'outboundModes'; readonly object: OutboundMode }
  | { readonly part: 'ingressBackends'; readonly object: IngressBackend }

/** Reads the spec of one kind. */
type Reader = (ref: ObjectRef, spec: Field) => Read

/** How each kind is read. */
export const READERS: Readonly<Record<KindName, Reader>> = {
  MeshConfig: reader('meshConfig', readMeshConfig),
  TrafficSplit: reader('splits', readTrafficSplit),
  TrafficTarget: reader('trafficTargets', readTrafficTarget),
  HTTPRouteGroup: reader('httpRouteGroups', readHttpRouteGroup),
  TCPRoute: reader('tcpRoutes', readTcpRoute),
  VirtualService: reader('splits', readVirtualService),
  DestinationRule: reader('destinationRules', readDestinationRule),
  ServiceEntry: reader('egressRules', readServiceEntry),
  Sidecar: reader('outboundModes', readSidecar),
  EnvoyFilter: reader('localRateLimits', readEnvoyFilter),
  Retry: reader('osmRetries', readRetry),
  UpstreamTrafficSetting: reader('upstreamTrafficSettings', readUpstreamTrafficSetting),
  Egress: reader('egressRules', readEgress),
  IngressBackend: reader('ingressBackends', readIngressBackend),
  AuthorizationPolicy: reader('authorizationPolicies', readAuthorizationPolicy),
  PeerAuthentication: reader('peerAuthentications', readPeerAuthentication),
  HTTPRoute: reader('splits', readHttpRoute)
}

function reader<Part extends Read['part']>(
  part: Part,
  read: (ref: ObjectRef, spec: Field) => Extract<Read, { part: Part }>['object']
): Reader {
  return (ref, spec) => ({ part, object: read(ref, spec) }) as Read
}
