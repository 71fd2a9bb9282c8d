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
import type { Field } from './field.ts'
import { readHttpRoute } from './gateway.ts'
import { readAuthorizationPolicy, readPeerAuthentication } from './istio-security.ts'
import { readDestinationRule, readVirtualService } from './istio-traffic.ts'
import { readMeshConfig } from './osm.ts'
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

interface Kind {
  readonly group: string
  readonly versions: readonly string[]
  readonly read: (ref: ObjectRef, spec: Field) => Read
}

const istioTraffic = ['v1', 'v1beta1', 'v1alpha3']
const istioSecurity = ['v1', 'v1beta1']

/** The kinds that are modelled, by name. */
export const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['TrafficSplit', kind('split.smi-spec.io', ['v1alpha2'], 'splits', readTrafficSplit)],
  ['TrafficTarget', kind('access.smi-spec.io', ['v1alpha3'], 'trafficTargets', readTrafficTarget)],
  [
    'HTTPRouteGroup',
    kind('specs.smi-spec.io', ['v1alpha4'], 'httpRouteGroups', readHttpRouteGroup)
  ],
  ['TCPRoute', kind('specs.smi-spec.io', ['v1alpha4'], 'tcpRoutes', readTcpRoute)],
  [
    'MeshConfig',
    kind('config.openservicemesh.io', ['v1alpha2', 'v1alpha1'], 'meshConfig', readMeshConfig)
  ],
  ['VirtualService', kind('networking.istio.io', istioTraffic, 'splits', readVirtualService)],
  [
    'DestinationRule',
    kind('networking.istio.io', istioTraffic, 'destinationRules', readDestinationRule)
  ],
  [
    'AuthorizationPolicy',
    kind('security.istio.io', istioSecurity, 'authorizationPolicies', readAuthorizationPolicy)
  ],
  [
    'PeerAuthentication',
    kind('security.istio.io', istioSecurity, 'peerAuthentications', readPeerAuthentication)
  ],
  ['HTTPRoute', kind('gateway.networking.k8s.io', ['v1', 'v1beta1'], 'splits', readHttpRoute)]
])

function kind<Part extends Read['part']>(
  group: string,
  versions: readonly string[],
  part: Part,
  read: (ref: ObjectRef, spec: Field) => Extract<Read, { part: Part }>['object']
): Kind {
  return { group, versions, read: (ref, spec) => ({ part, object: read(ref, spec) }) as Read }
}
