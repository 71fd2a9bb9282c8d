import { isOsmStrict, sameAccount } from '../access/osm.ts'
import { sameService } from '../hosts.ts'
import { nameOf, type PolicySet, type SplitPolicy, type TrafficTarget } from '../model.ts'
import { splitOf } from '../split/split-of.ts'
import { accountOf, findService, selectedBy, type Topology } from '../topology.ts'
import { accessMatrix } from './access-matrix.ts'

/** What was declared and will not do what it looks like, one sentence each. */
export function policyWarnings(policies: PolicySet, topology: Topology): string[] {
  return [
    ...unusedTargets(policies),
    ...policies.trafficTargets.flatMap(target => brokenTarget(policies, topology, target)),
    ...silentRestocks(policies, topology),
    ...policies.splits.flatMap(split => brokenSplit(policies, topology, split))
  ]
}

function unusedTargets(policies: PolicySet): string[] {
  if (policies.trafficTargets.length === 0 || isOsmStrict(policies)) return []
  return [
    'TrafficTargets are not looked at: permissive mode is on. Switch it off to have them decide.'
  ]
}

function brokenTarget(policies: PolicySet, topology: Topology, target: TrafficTarget): string[] {
  const name = nameOf(target.ref)
  const { destination } = target
  const known = topology.workloads.some(workload => sameAccount(accountOf(workload), destination))
  const rules = target.rules.flatMap(rule => {
    const routes = rule.kind === 'TCPRoute' ? policies.tcpRoutes : policies.httpRouteGroups
    const found = routes.find(
      ({ ref }) => ref.name === rule.name && ref.namespace === target.ref.namespace
    )
    if (found === undefined)
      return [`${name}: there is no ${rule.kind} ${rule.name}, so this rule allows nothing.`]
    if (rule.kind === 'TCPRoute' || !('matches' in found)) return []
    if (rule.matches.length === 0)
      return [`${name}: names no match of HTTPRouteGroup ${rule.name}; OSM allows none then.`]
    return rule.matches
      .filter(match => !found.matches.some(route => route.name === match))
      .map(match => `${name}: HTTPRouteGroup ${rule.name} has no match ${match}.`)
  })
  // The database is no workload of the topology, and TCP routes are how it is reached.
  const isTcp = target.rules.every(({ kind }) => kind === 'TCPRoute')
  if (known || isTcp) return rules
  return [
    ...rules,
    `${name}: nothing runs as account ${destination.serviceAccount} of ${destination.namespace}.`
  ]
}

/** A store whose restocks are denied goes on selling: nobody sees it unless it is said. */
function silentRestocks(policies: PolicySet, topology: Topology): string[] {
  if (policies.trafficTargets.length + policies.authorizationPolicies.length === 0) return []
  const permissive = policies.trafficTargets.length > 0 && !isOsmStrict(policies)
  const enforced = permissive ? { ...policies, meshConfig: strict(policies) } : policies
  const when = permissive ? ' once permissive mode is off' : ''
  return accessMatrix(enforced, topology).flatMap(({ source, destination, requests }) => {
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
  return ref === undefined ? null : { ref, permissive: false, egress: meshConfig?.egress ?? null }
}

function brokenSplit(policies: PolicySet, topology: Topology, split: SplitPolicy): string[] {
  const name = nameOf(split.ref)
  const written = split.rules.flatMap(({ backends }) => backends.map(backend => backend.written))
  const fractions = written.filter(text => !/^\d+$/.test(text))
  const quantity =
    split.ref.kind === 'TrafficSplit' && fractions.length > 0
      ? [
          `${name}: weight ${fractions[0]} is a Kubernetes quantity; only the ratio counts here, but the custom resource of OSM 1.2 takes whole numbers only.`
        ]
      : []
  return [
    ...quantity,
    ...split.roots.flatMap(root => {
      const service = findService(topology, root)
      if (service === undefined)
        return [
          `${name}: there is no Service ${root.namespace}/${root.name}, so it splits nothing.`
        ]
      const first = policies.splits.find(other => other.roots.some(own => sameService(own, root)))
      if (first !== split && first !== undefined) {
        return [`${name}: ${nameOf(first.ref)} splits ${root.name} already; the first one holds.`]
      }
      const resolved = splitOf(policies, topology, root)?.backends ?? []
      const missing = resolved
        .filter(backend => backend.missing !== '' && backend.share > 0)
        .map(backend => `${name}: requests to ${backend.name} fail with 503: ${backend.missing}.`)
      const selected = selectedBy(topology, service)
      const outside =
        split.ref.kind !== 'TrafficSplit'
          ? []
          : resolved
              .filter(backend => backend.workloads.some(workload => !selected.includes(workload)))
              .map(
                backend =>
                  `${name}: Service ${root.name} does not select the pods of ${backend.name}; OSM since 1.2 wants that.`
              )
      return [...missing, ...outside]
    })
  ]
}
