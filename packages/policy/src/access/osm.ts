import { type Account, accountOf, sameAccount, type Workload } from '@bookstore/contract'
import { groupedBy, keyOf } from '../grouped-by.ts'
import {
  type HttpRouteGroup,
  nameOf,
  type PolicySet,
  type RequestMatch,
  type TcpRoute,
  type TrafficTarget,
  type TrafficTargetRule
} from '../model.ts'
import { type Access, callerName, type Facts, missesOf } from './request.ts'

const byDestination = groupedBy<TrafficTarget>(({ destination }) => [keyOfAccount(destination)])
const bySource = groupedBy<TrafficTarget>(({ sources }) => sources.map(keyOfAccount))
const byEnds = groupedBy<TrafficTarget>(({ sources, destination }) =>
  sources.map(source => keyOfEnds(source, destination))
)
const groupsByName = groupedBy<HttpRouteGroup>(({ ref }) => [keyOf(ref.namespace, ref.name)])
const tcpRoutesByName = groupedBy<TcpRoute>(({ ref }) => [keyOf(ref.namespace, ref.name)])

interface Route {
  readonly target: TrafficTarget
  readonly match: RequestMatch
}

/** Whether TrafficTargets decide: only with a MeshConfig that switches permissive mode off. */
export function isOsmStrict({ meshConfig }: PolicySet): boolean {
  return meshConfig !== null && !meshConfig.permissive
}

/**
 * What OSM 1.2 does with permissive mode off. Its sidecar closes the connection of an account that no
 * TrafficTarget names (network RBAC), answers 404 when no route matches, and 403 when the route that
 * matches belongs to other sources (RBAC per route).
 * Source: pkg/catalog/inbound_traffic_policies.go and pkg/envoy/lds/rbac.go of OSM 1.2.4.
 */
export function osmAccess(policies: PolicySet, facts: Facts, destination: Workload): Access {
  const targets = targetsOf(policies, destination)
  const own = byEnds(policies.trafficTargets, keyOfEnds(facts.source, accountOf(destination)))
  if (!own.some(target => opensPort(policies, target, facts.port))) {
    return { allowed: false, how: 'reset', why: whyReset(targets, own, facts, destination) }
  }
  if (facts.method === 'TCP') return { allowed: true, by: own.map(({ ref }) => nameOf(ref)).join(', ') }
  const met = routesOf(policies, own).find(({ match }) => missesOf(match, facts).length === 0)
  if (met !== undefined) {
    return { allowed: true, by: `route ${met.match.name} of ${nameOf(met.target.ref)}` }
  }
  const others = routesOf(
    policies,
    targets.filter(target => !hasSource(target, facts.source))
  )
  const foreign = others.find(({ match }) => missesOf(match, facts).length === 0)
  if (foreign !== undefined) {
    const why = `${callerName(facts.source)} is not a source of ${titled(foreign.target)}, which allows ${request(facts)}`
    return { allowed: false, how: '403', why }
  }
  return { allowed: false, how: '404', why: nearestRoute(policies, own, facts) }
}

/** The accounts that OSM's client sidecar knows a way to: the others' pods do not exist for this source. */
export function reachableAccounts(policies: PolicySet, source: Account): readonly Account[] {
  return bySource(policies.trafficTargets, keyOfAccount(source)).map(target => target.destination)
}

function targetsOf({ trafficTargets }: PolicySet, workload: Workload): readonly TrafficTarget[] {
  return byDestination(trafficTargets, keyOfAccount(accountOf(workload)))
}

function keyOfEnds(source: Account, destination: Account): string {
  return `${keyOfAccount(source)} ${keyOfAccount(destination)}`
}

function keyOfAccount({ namespace, serviceAccount }: Account): string {
  return keyOf(namespace, serviceAccount)
}

function hasSource(target: TrafficTarget, source: Account): boolean {
  return target.sources.some(account => sameAccount(account, source))
}

// A TrafficTarget with TCP routes opens only their ports; one whose TCPRoute is missing opens nothing.
function opensPort(policies: PolicySet, target: TrafficTarget, port: number): boolean {
  const rules = target.rules.filter(({ kind }) => kind === 'TCPRoute')
  const routes = rules.map(rule => tcpRoutesByName(policies.tcpRoutes, nameMeant(target, rule))[0])
  if (routes.includes(undefined)) return false
  const ports = routes.flatMap(route => route?.ports ?? [])
  return ports.length === 0 || ports.includes(port)
}

function routesOf(policies: PolicySet, targets: readonly TrafficTarget[]): Route[] {
  return targets.flatMap(target =>
    target.rules
      .filter(({ kind }) => kind === 'HTTPRouteGroup')
      .flatMap(rule => {
        const [group] = groupsByName(policies.httpRouteGroups, nameMeant(target, rule))
        const named = group?.matches.filter(({ name }) => rule.matches.includes(name)) ?? []
        return named.map(match => ({ target, match }))
      })
  )
}

// a TrafficTarget means routes of its own namespace
function nameMeant(target: TrafficTarget, rule: TrafficTargetRule): string {
  return keyOf(target.ref.namespace, rule.name)
}

function whyReset(
  targets: readonly TrafficTarget[],
  own: readonly TrafficTarget[],
  facts: Facts,
  destination: Workload
): string {
  const caller = callerName(facts.source)
  if (own.length > 0) return `${own.map(titled).join(', ')} does not open port ${facts.port} to ${caller}`
  if (targets.length > 0) return `${caller} is not a source of ${someOf(targets)}`
  return `no TrafficTarget has ${destination.name} (account ${destination.serviceAccount}) as its destination`
}

// a sentence that names hundreds helps nobody
const MOST_NAMED = 3

function someOf(targets: readonly TrafficTarget[]): string {
  const named = targets.slice(0, MOST_NAMED).map(titled).join(' or ')
  return targets.length > MOST_NAMED ? `${named}, or ${targets.length - MOST_NAMED} more` : named
}

function nearestRoute(policies: PolicySet, own: readonly TrafficTarget[], facts: Facts): string {
  const misses = routesOf(policies, own)
    .map(({ match }) => ({ match, missed: missesOf(match, facts) }))
    .sort((left, right) => left.missed.length - right.missed.length)
  const [nearest] = misses
  if (nearest === undefined) {
    return `${own.map(titled).join(', ')} allows no HTTP route: it names no match of an HTTPRouteGroup that exists`
  }
  const pathMisses = nearest.match.path !== undefined && !nearest.match.path.matches(facts.path)
  const opening = pathMisses
    ? `${request(facts)} matches no route; nearest is ${nearest.match.name}`
    : `${request(facts)} matches route ${nearest.match.name}`
  return `${opening} but for ${nearest.missed.join(' and ')}`
}

function titled(target: TrafficTarget): string {
  return `TrafficTarget ${target.ref.name}`
}

function request(facts: Facts): string {
  return `${facts.method} ${facts.path}`
}
