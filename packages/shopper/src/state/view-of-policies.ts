import {
  accountOf,
  declaredSplit,
  describePolicies,
  type PolicySet,
  type ServiceName,
  serviceAccess,
  type Topology
} from '@bookstore/policy'
import { storeRequests } from '../shopping/requests.ts'
import type { PolicyStatus, ShopperRole } from '../snapshot.ts'
import type { PolicyView } from './policy-feed.ts'

/** What is known of policies, with where it comes from. */
export interface KnownPolicies {
  readonly kind: 'local-mesh' | 'cluster'
  readonly role: ShopperRole
  /** The Service that both versions stand behind. */
  readonly store: ServiceName
  readonly policies: PolicySet
  readonly topology: Topology
  readonly lastChange: PolicyStatus['lastChange']
  readonly problems: readonly string[]
}

/** What policies mean for a shopper: the declared weights, whether it may buy, and why not. Pure. */
export function viewOfPolicies({
  kind,
  role,
  store,
  policies,
  topology,
  lastChange,
  problems
}: KnownPolicies): PolicyView {
  const declared = declaredSplit(policies, topology, { root: store })
  const { access, denial } = accessOf(role, store, policies, topology)
  return {
    status: { kind, inForce: describePolicies(policies, topology), lastChange, problems, denial },
    declared: declared && { split: declared.shares, source: { kind, detail: declared.source } },
    access
  }
}

function accessOf(
  role: ShopperRole,
  service: ServiceName,
  policies: PolicySet,
  topology: Topology
): { readonly access: PolicyView['access']; readonly denial: string | null } {
  const source = topology.workloads.find(({ name }) => name === role)
  const { headers = {} } = storeRequests('http://bookstore.bookstore:14001').buy
  if (source === undefined) return { access: null, denial: null }
  const request = { source: accountOf(source), method: 'GET', path: '/buy-a-book/new', headers }
  const met = serviceAccess(policies, topology, { ...request, service })
  if (met === null) return { access: null, denial: null }
  return { access: met.access === 'partly' ? null : met.access, denial: met.why || null }
}
