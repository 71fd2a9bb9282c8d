/** A kind of Kubernetes object that is understood here. */
export interface PolicyKind {
  readonly kind: string
  readonly group: string
  /** Best first: the first one that a cluster serves is read. */
  readonly versions: readonly string[]
  readonly plural: string
}

const ISTIO_TRAFFIC = { group: 'networking.istio.io', versions: ['v1', 'v1beta1', 'v1alpha3'] }
const ISTIO_SECURITY = { group: 'security.istio.io', versions: ['v1', 'v1beta1'] }
const OSM_POLICY = { group: 'policy.openservicemesh.io', versions: ['v1alpha1'] }
const SMI_SPECS = { group: 'specs.smi-spec.io', versions: ['v1alpha4'] }

/** Every kind that is understood; the parser, the cluster's follower and the chart's RBAC hold to it. */
export const POLICY_KINDS = [
  {
    kind: 'MeshConfig',
    plural: 'meshconfigs',
    group: 'config.openservicemesh.io',
    versions: ['v1alpha2', 'v1alpha1']
  },
  {
    kind: 'TrafficSplit',
    plural: 'trafficsplits',
    group: 'split.smi-spec.io',
    versions: ['v1alpha2']
  },
  {
    kind: 'TrafficTarget',
    plural: 'traffictargets',
    group: 'access.smi-spec.io',
    versions: ['v1alpha3']
  },
  { kind: 'HTTPRouteGroup', plural: 'httproutegroups', ...SMI_SPECS },
  { kind: 'TCPRoute', plural: 'tcproutes', ...SMI_SPECS },
  { kind: 'VirtualService', plural: 'virtualservices', ...ISTIO_TRAFFIC },
  { kind: 'DestinationRule', plural: 'destinationrules', ...ISTIO_TRAFFIC },
  { kind: 'ServiceEntry', plural: 'serviceentries', ...ISTIO_TRAFFIC },
  { kind: 'Sidecar', plural: 'sidecars', ...ISTIO_TRAFFIC },
  { kind: 'EnvoyFilter', plural: 'envoyfilters', group: ISTIO_TRAFFIC.group, versions: ['v1alpha3'] },
  { kind: 'Retry', plural: 'retries', ...OSM_POLICY },
  { kind: 'UpstreamTrafficSetting', plural: 'upstreamtrafficsettings', ...OSM_POLICY },
  { kind: 'Egress', plural: 'egresses', ...OSM_POLICY },
  { kind: 'IngressBackend', plural: 'ingressbackends', ...OSM_POLICY },
  { kind: 'AuthorizationPolicy', plural: 'authorizationpolicies', ...ISTIO_SECURITY },
  { kind: 'PeerAuthentication', plural: 'peerauthentications', ...ISTIO_SECURITY },
  {
    kind: 'HTTPRoute',
    plural: 'httproutes',
    group: 'gateway.networking.k8s.io',
    versions: ['v1', 'v1beta1']
  }
] as const satisfies readonly PolicyKind[]

/** The name of a kind that is understood. */
export type KindName = (typeof POLICY_KINDS)[number]['kind']

/** Whether a kind of that name is understood. */
export function isPolicyKind(kind: string): boolean {
  return POLICY_KINDS.some(known => known.kind === kind)
}
