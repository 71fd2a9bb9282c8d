import {
  type Account,
  accountOf,
  findService,
  hasLabels,
  type ServiceName,
  sameAccount,
  sameService,
  selectedBy,
  sharesOf,
  type Topology,
  type Workload
} from '@bookstore/contract'
import { isOsmStrict, reachableAccounts } from '../access/osm.ts'
import { factsOf, type MeshRequest, missesOf } from '../access/request.ts'
import { groupedBy, keyOf } from '../grouped-by.ts'
import type { Mesh } from '../mesh.ts'
import {
  type CallerMatch,
  type DestinationRule,
  nameOf,
  type PolicySet,
  type RequestMatch,
  type SplitBackend,
  type SplitPolicy,
  type SplitRule
} from '../model.ts'

/** Where requests to a service go. */
export interface WeightedBackends {
  /** Empty when rules were declared and none matches the request: the mesh answers 404. */
  readonly backends: readonly Backend[]
  /** Who says so, in words: `TrafficSplit bookstore/bookstore-split`, or the mesh's own balancing. */
  readonly source: string
  /** Whether an object declared it. */
  readonly declared: boolean
}

export interface Backend {
  /** Version name: the leaf service, or `bookstore-<version label>` for a subset. */
  readonly name: string
  readonly service: ServiceName
  /** Name of the DestinationRule subset, where it is one. */
  readonly subset?: string
  /** 0 to 1. */
  readonly share: number
  /** Those the source can reach; empty means 503 for this share of the requests. */
  readonly workloads: readonly Workload[]
  /** Why there are no workloads, in words; '' where there are some. */
  readonly missing: string
  /** Whether it is all pods of a service that nothing splits. */
  readonly isWhole?: boolean
}

/** A request for the choice of a rule; without `source`, nobody's reach is narrowed. */
export type SplitRequest = Omit<MeshRequest, 'source'> & { readonly source?: Account }

/**
 * Which backend of a service gets which share. Without a split every pod that the Service selects gets the
 * same. In OSM with permissive mode off a source only knows pods whose account it may reach, as
 * ListAllowedUpstreamEndpointsForService does (pkg/catalog/endpoint.go, OSM 1.2.4).
 * Without a request, the rule for all requests (else the first) is taken. null: no such Service.
 */
export function backendsOf(mesh: Mesh, service: ServiceName, request?: SplitRequest): WeightedBackends | null {
  const { policies, topology } = mesh
  const found = findService(topology, service)
  if (found === undefined) return null
  const reach = reachOf(policies, request?.source)
  const policy = splitPolicyOf(policies, service)
  const rule = policy && ruleOf(mesh, policy, request)
  if (policy === undefined || isWhole(rule, service)) {
    return balanced(found, selectedBy(topology, found).filter(reach))
  }
  const shares = rule === undefined ? [] : sharesOf(rule.backends.map(({ weight }) => weight))
  const backends = (rule?.backends ?? []).map((backend, index) => resolve(mesh, backend, shares[index] ?? 0, reach))
  return { backends, source: nameOf(policy.ref), declared: true }
}

/** The rule that carries out a request to a service, with the object that has it; null where no object is about it. */
export function ruleFor(
  mesh: Mesh,
  service: ServiceName,
  request: SplitRequest
): { readonly rule: SplitRule; readonly policy: SplitPolicy } | null {
  const policy = splitPolicyOf(mesh.policies, service)
  const rule = policy && ruleOf(mesh, policy, request)
  return policy === undefined || rule === undefined ? null : { rule, policy }
}

/** The object that splits a service; the first one, where there are several. */
export function splitPolicyOf({ splits }: PolicySet, service: ServiceName): SplitPolicy | undefined {
  return splitsByRoot(splits, keyOfService(service))[0]
}

const splitsByRoot = groupedBy<SplitPolicy>(({ roots }) => roots.map(keyOfService))
const rulesByHost = groupedBy<DestinationRule>(({ host }) => [keyOfService(host)])

function keyOfService({ namespace, name }: ServiceName): string {
  return keyOf(namespace, name)
}

const nobody: Account = { namespace: '', serviceAccount: '' }

type Reach = (workload: Workload) => boolean

function reachOf(policies: PolicySet, source: Account | undefined): Reach {
  if (source === undefined || !isOsmStrict(policies)) return () => true
  const accounts = reachableAccounts(policies, source)
  return workload => accounts.some(account => sameAccount(account, accountOf(workload)))
}

// a route to the service itself, as there is one for timeouts and retries alone, splits nothing
function isWhole(rule: SplitRule | undefined, service: ServiceName): boolean {
  const [only, ...others] = rule?.backends ?? []
  return only !== undefined && others.length === 0 && only.subset === undefined && sameService(only.service, service)
}

function ruleOf({ topology }: Mesh, policy: SplitPolicy, request: SplitRequest | undefined): SplitRule | undefined {
  if (request === undefined) return policy.rules.find(({ matches }) => matches.length === 0) ?? policy.rules[0]
  const facts = factsOf({ source: nobody, ...request })
  const meets = (match: RequestMatch) =>
    missesOf(match, facts).length === 0 && isCaller(topology, match.caller, facts.source)
  return policy.rules.find(({ matches }) => matches.length === 0 || matches.some(meets))
}

// a rule knows a caller by the labels of its pods, and a request by the account that those pods have
function isCaller({ workloads }: Topology, caller: CallerMatch | undefined, source: Account): boolean {
  if (caller === undefined) return true
  const pods = workloads.filter(workload => sameAccount(accountOf(workload), source))
  return (
    (caller.namespace === null || caller.namespace === source.namespace) &&
    pods.some(({ labels }) => hasLabels(labels, caller.labels))
  )
}

function balanced(service: ServiceName, workloads: readonly Workload[]): WeightedBackends {
  const pods = workloads.map(({ addresses }) => addresses.length)
  const total = pods.reduce((sum, count) => sum + count, 0)
  const backends = workloads.map((workload, index) => ({
    name: workload.name,
    service: { name: service.name, namespace: service.namespace },
    share: total === 0 ? 1 / workloads.length : (pods[index] ?? 0) / total,
    workloads: [workload],
    missing: ''
  }))
  const source = `no split: every pod of Service ${service.namespace}/${service.name} gets the same`
  return { backends, source, declared: false }
}

function resolve({ policies, topology }: Mesh, backend: SplitBackend, share: number, reach: Reach): Backend {
  const { service, subset } = backend
  const found = findService(topology, service)
  const all = found === undefined ? [] : selectedBy(topology, found)
  const labels = subset === undefined ? {} : subsetLabels(policies, service, subset)
  const chosen = labels === null ? [] : all.filter(workload => hasLabels(workload.labels, labels))
  const workloads = chosen.filter(reach)
  const name = subset === undefined ? service.name : `${service.name}-${labels?.['version'] ?? subset}`
  const missing = workloads.length > 0 ? '' : whyMissing(service, subset, labels, found, chosen)
  return { name, service, ...(subset !== undefined && { subset }), share, workloads, missing }
}

function subsetLabels(
  { destinationRules }: PolicySet,
  host: ServiceName,
  subset: string
): Readonly<Record<string, string>> | null {
  const rules = rulesByHost(destinationRules, keyOfService(host))
  return rules.flatMap(rule => rule.subsets).find(({ name }) => name === subset)?.labels ?? null
}

function whyMissing(
  service: ServiceName,
  subset: string | undefined,
  labels: unknown,
  found: unknown,
  chosen: readonly Workload[]
): string {
  if (found === undefined) return `there is no Service ${service.namespace}/${service.name}`
  if (labels === null) return `no DestinationRule of ${service.name} has a subset ${subset}`
  if (chosen.length === 0) return `no pod is behind ${service.name}${subset === undefined ? '' : ` (subset ${subset})`}`
  const accounts = chosen.map(({ serviceAccount }) => serviceAccount).join(', ')
  return `no TrafficTarget lets the caller reach account ${accounts}`
}
