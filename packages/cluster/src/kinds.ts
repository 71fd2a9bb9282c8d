/** A kind of object that says something about splits or access. */
export interface PolicyKind {
  readonly kind: string
  readonly group: string
  /** Best first: the first one that the cluster serves is read. */
  readonly versions: readonly string[]
  readonly plural: string
}

const SMI_SPLIT = 'split.smi-spec.io'
const SMI_ACCESS = 'access.smi-spec.io'
const SMI_SPECS = 'specs.smi-spec.io'
const ISTIO_TRAFFIC = 'networking.istio.io'
const ISTIO_SECURITY = 'security.istio.io'

/** What is read in every namespace; the kinds that @bookstore/policy understands. */
export const POLICY_KINDS: readonly PolicyKind[] = [
  kind('TrafficSplit', SMI_SPLIT, ['v1alpha2'], 'trafficsplits'),
  kind('TrafficTarget', SMI_ACCESS, ['v1alpha3'], 'traffictargets'),
  kind('HTTPRouteGroup', SMI_SPECS, ['v1alpha4'], 'httproutegroups'),
  kind('TCPRoute', SMI_SPECS, ['v1alpha4'], 'tcproutes'),
  kind('VirtualService', ISTIO_TRAFFIC, ['v1', 'v1beta1'], 'virtualservices'),
  kind('DestinationRule', ISTIO_TRAFFIC, ['v1', 'v1beta1'], 'destinationrules'),
  kind('AuthorizationPolicy', ISTIO_SECURITY, ['v1', 'v1beta1'], 'authorizationpolicies'),
  kind('PeerAuthentication', ISTIO_SECURITY, ['v1', 'v1beta1'], 'peerauthentications'),
  kind('HTTPRoute', 'gateway.networking.k8s.io', ['v1', 'v1beta1'], 'httproutes')
]

/** OSM's own settings, read by name in the namespaces where it may live. */
export const MESH_CONFIG: PolicyKind = kind(
  'MeshConfig',
  'config.openservicemesh.io',
  ['v1alpha2', 'v1alpha1'],
  'meshconfigs'
)

function kind(
  name: string,
  group: string,
  versions: readonly string[],
  plural: string
): PolicyKind {
  return { kind: name, group, versions, plural }
}
