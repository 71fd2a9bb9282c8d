import { accountOf, findService, type ServiceName, sameAccount, selectedBy } from '@bookstore/contract'
import { isOsmStrict } from '../access/osm.ts'
import type { Mesh } from '../mesh.ts'
import {
  nameOf,
  type ObjectRef,
  type PolicySet,
  type SplitPolicy,
  type TrafficTarget,
  type TrafficTargetRule
} from '../model.ts'
import { backendsOf, splitPolicyOf } from '../split/weighted-backends.ts'
import { accessMatrix } from './access-matrix.ts'

/** What was declared and will not do what it looks like, one sentence each. */
export function policyWarnings(mesh: Mesh): string[] {
  const { policies } = mesh
  return [
    ...unusedTargets(policies),
    ...unjudgedFields(policies),
    ...unusedRetries(policies),
    ...policies.trafficTargets.flatMap(target => brokenTarget(mesh, target)),
    ...silentRestocks(mesh),
    ...policies.splits.flatMap(split => brokenSplit(mesh, split))
  ]
}

function unjudgedFields(policies: PolicySet): string[] {
  const objects = Object.values(policies).flatMap(part => (part === null ? [] : part))
  return objects.flatMap(({ ref }: { readonly ref: ObjectRef }) =>
    (ref.unjudged ?? []).map(field => `${nameOf(ref)}: ${field} is not judged, and the local mesh does not obey it.`)
  )
}

function unusedTargets(policies: PolicySet): string[] {
  if (policies.trafficTargets.length === 0 || isOsmStrict(policies)) return []
  return ['TrafficTargets are not looked at: permissive mode is on. Switch it off to have them decide.']
}

function unusedRetries({ osmRetries, meshConfig }: PolicySet): string[] {
  if (meshConfig?.retries === true) return []
  return osmRetries.map(
    ({ ref }) =>
      `${nameOf(ref)}: OSM does not look at it while featureFlags.enableRetryPolicy of the MeshConfig is off.`
  )
}

function brokenTarget({ policies, topology }: Mesh, target: TrafficTarget): string[] {
  const rules = target.rules.flatMap(rule => brokenRule(policies, target, rule))
  const { destination } = target
  const known = topology.workloads.some(workload => sameAccount(accountOf(workload), destination))
  // The database is no workload of the topology, and TCP routes are how it is reached.
  const isTcp = target.rules.every(({ kind }) => kind === 'TCPRoute')
  if (known || isTcp) return rules
  const nobody = `nothing runs as account ${destination.serviceAccount} of ${destination.namespace}`
  return [...rules, `${nameOf(target.ref)}: ${nobody}.`]
}

function brokenRule(policies: PolicySet, target: TrafficTarget, rule: TrafficTargetRule): string[] {
  const name = nameOf(target.ref)
  const isMeant = ({ ref }: { readonly ref: ObjectRef }) =>
    ref.name === rule.name && ref.namespace === target.ref.namespace
  const group = policies.httpRouteGroups.find(isMeant)
  const found = rule.kind === 'TCPRoute' ? policies.tcpRoutes.find(isMeant) : group
  if (found === undefined) {
    return [`${name}: there is no ${rule.kind} ${rule.name}, so this rule allows nothing.`]
  }
  if (rule.kind === 'TCPRoute') return []
  if (rule.matches.length === 0) {
    return [`${name}: names no match of HTTPRouteGroup ${rule.name}; OSM allows none then.`]
  }
  return rule.matches
    .filter(match => !group?.matches.some(route => route.name === match))
    .map(match => `${name}: HTTPRouteGroup ${rule.name} has no match ${match}.`)
}

/** A store whose restocks are denied goes on selling: nobody sees it unless it is said. */
function silentRestocks({ policies, topology }: Mesh): string[] {
  if (policies.trafficTargets.length + policies.authorizationPolicies.length === 0) return []
  const permissive = policies.trafficTargets.length > 0 && !isOsmStrict(policies)
  const enforced = permissive ? { ...policies, meshConfig: strict(policies) } : policies
  const when = permissive ? ' once permissive mode is off' : ''
  return accessMatrix({ policies: enforced, topology }).flatMap(({ source, destination, requests }) => {
    if (source.labels['app'] !== 'bookstore') return []
    const access = requests.map(request => request.access).find(({ allowed }) => !allowed)
    if (access === undefined || access.allowed) return []
    return [
      `${source.name} (account ${source.serviceAccount}) cannot reach ${destination.name}${when}: its restocks are denied silently, because ${access.why}.`
    ]
  })
}

function strict({ meshConfig, trafficTargets }: PolicySet): PolicySet['meshConfig'] {
  const [first] = trafficTargets
  const ref = meshConfig?.ref ?? first?.ref
  return ref === undefined
    ? null
    : { ref, permissive: false, egress: meshConfig?.egress ?? null, retries: meshConfig?.retries ?? false }
}

function brokenSplit(mesh: Mesh, split: SplitPolicy): string[] {
  const name = nameOf(split.ref)
  const written = split.rules.flatMap(({ backends }) => backends.map(backend => backend.written))
  const fraction = written.find(text => !/^\d+$/.test(text))
  const quantity = `${name}: weight ${fraction} is a Kubernetes quantity; only the ratio counts here, but the custom resource of OSM 1.2 takes whole numbers only.`
  return [
    ...(split.ref.kind === 'TrafficSplit' && fraction !== undefined ? [quantity] : []),
    ...split.roots.flatMap(root => brokenRoot(mesh, split, root))
  ]
}

function brokenRoot(mesh: Mesh, split: SplitPolicy, root: ServiceName): string[] {
  const { policies, topology } = mesh
  const name = nameOf(split.ref)
  const service = findService(topology, root)
  if (service === undefined) {
    return [`${name}: there is no Service ${root.namespace}/${root.name}, so it splits nothing.`]
  }
  const first = splitPolicyOf(policies, root)
  if (first !== undefined && first !== split) {
    return [`${name}: ${nameOf(first.ref)} splits ${root.name} already; the first one holds.`]
  }
  const backends = backendsOf(mesh, root)?.backends ?? []
  const missing = backends
    .filter(backend => backend.missing !== '' && backend.share > 0)
    .map(backend => `${name}: requests to ${backend.name} fail with 503: ${backend.missing}.`)
  if (split.ref.kind !== 'TrafficSplit') return missing
  const selected = selectedBy(topology, service)
  const outside = backends
    .filter(({ workloads }) => workloads.some(workload => !selected.includes(workload)))
    .map(
      backend => `${name}: Service ${root.name} does not select the pods of ${backend.name}; OSM since 1.2 wants that.`
    )
  return [...missing, ...outside]
}
