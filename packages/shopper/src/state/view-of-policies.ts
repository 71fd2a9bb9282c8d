import {
  declaredSplit,
  describePolicies,
  evaluateAccess,
  type PolicySet,
  splitOf,
  type Topology
} from '@bookstore/policy'
import { storeRequests } from '../shopping/requests.ts'
import type { PolicyStatus, ShopperRole } from '../snapshot.ts'
import type { PolicyView } from './policy-feed.ts'

/** What is known of policies, with where it comes from. */
export interface KnownPolicies {
  readonly kind: 'local-mesh' | 'cluster'
  readonly role: ShopperRole
  readonly policies: PolicySet
  readonly topology: Topology
  readonly lastChange: PolicyStatus['lastChange']
  readonly problems: readonly string[]
}

/** What policies mean for a shopper: the declared weights, whether it may buy, and why not. Pure. */
export function viewOfPolicies({
  kind,
  role,
  policies,
  topology,
  lastChange,
  problems
}: KnownPolicies): PolicyView {
  const declared = declaredSplit(policies, topology)
  const { access, denial } = accessOf(role, policies, topology)
  return {
    status: { kind, inForce: describePolicies(policies, topology), lastChange, problems, denial },
    declared: declared && { split: declared.shares, source: { kind, detail: declared.source } },
    access
  }
}

function accessOf(
  role: ShopperRole,
  policies: PolicySet,
  topology: Topology
): { readonly access: PolicyView['access']; readonly denial: string | null } {
  const source = topology.workloads.find(({ name }) => name === role)
  const { headers = {} } = storeRequests('http://bookstore.bookstore:14001').buy
  if (source === undefined) return { access: null, denial: null }
  const request = { method: 'GET', path: '/buy-a-book/new', headers }
  // asked without a source: where the split means to send a purchase, before anybody is denied
  const split = splitOf(policies, topology, { namespace: 'bookstore', name: 'bookstore' }, request)
  const answers = (split?.backends ?? [])
    .filter(({ share }) => share > 0)
    .flatMap(({ workloads }) => workloads)
    .map(destination => evaluateAccess(policies, topology, { ...request, source, destination }))
  const denials = answers.flatMap(answer => (answer.allowed ? [] : [answer.why]))
  if (denials.length === 0) return { access: answers.length > 0 ? 'allowed' : null, denial: null }
  return {
    access: denials.length === answers.length ? 'denied' : null,
    denial: [...new Set(denials)].join('; ')
  }
}
