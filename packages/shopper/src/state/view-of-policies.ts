import {
  accountOf,
  type DeclaredCell,
  type Destination,
  type PolicyStatus,
  PROBES,
  purchaseRequest,
  type ShopperRole
} from '@bookstore/contract'
import {
  declaredPromises,
  declaredSplit,
  describePolicies,
  evaluateAccess,
  type Mesh,
  type PromiseOutlook,
  serviceAccess
} from '@bookstore/policy'
import { createDifferences } from './difference.ts'
import type { PolicyView } from './policy-feed.ts'

/** What is known of policies, with where it comes from. */
export interface KnownPolicies {
  readonly kind: 'local-mesh' | 'cluster'
  readonly role: ShopperRole
  /** The Service that all versions stand behind, and where the shopper calls it. */
  readonly store: Destination
  /** Addresses outside the mesh that it asks on demand. */
  readonly egressUrls: readonly string[]
  readonly requestTimeoutMs: number
  readonly mesh: Mesh
  readonly lastChange: PolicyStatus['lastChange']
  readonly problems: readonly string[]
  readonly revision: PolicyStatus['revision']
}

/** What policies mean for a shopper: the declared weights, whether it may buy, and why not. Pure. */
export function viewOfPolicies(known: KnownPolicies): Omit<PolicyView, 'difference'> {
  const { kind, mesh, lastChange, problems, revision } = known
  const declared = declaredSplit(mesh, purchaseRequest(known.store))
  const { access, denial } = accessOf(known)
  return {
    status: { kind, inForce: describePolicies(mesh), lastChange, problems, denial, revision },
    policies: mesh.policies,
    declared: declared && { split: declared.shares, source: { kind, detail: declared.source } },
    access,
    outlook: outlookOf(known),
    cells: declaredCells(mesh)
  }
}

/** The same for one reader after the other, who is also told what the last change changed. */
export function createPolicyReader(): (known: KnownPolicies) => PolicyView {
  const differences = createDifferences()
  return known => {
    const view = viewOfPolicies(known)
    const { lastChange, inForce } = view.status
    return { ...view, difference: lastChange && differences({ ...lastChange, lines: inForce }) }
  }
}

function declaredCells(mesh: Mesh): readonly DeclaredCell[] {
  const { workloads } = mesh.topology
  return workloads.flatMap(source =>
    PROBES.flatMap(({ to, request }) => {
      const destination = workloads.find(({ name }) => name === to)
      if (destination === undefined || destination === source) return []
      const access = evaluateAccess(mesh, { ...request, source: accountOf(source), destination })
      const why = access.allowed ? access.by : access.why
      const { method, path } = request
      return [{ source: source.name, destination: to, method, path, allowed: access.allowed, why }]
    })
  )
}

/** Asked about the very request that the shopper sends, so that no rule can see another one. */
function accessOf({ role, store, mesh }: KnownPolicies): {
  readonly access: PolicyView['access']
  readonly denial: string | null
} {
  const source = mesh.topology.workloads.find(({ name }) => name === role)
  if (source === undefined) return { access: null, denial: null }
  const met = serviceAccess(mesh, { ...purchaseRequest(store), source: accountOf(source) })
  if (met === null) return { access: null, denial: null }
  return { access: met.access === 'partly' ? null : met.access, denial: met.why || null }
}

function outlookOf({ role, store, mesh, egressUrls, requestTimeoutMs }: KnownPolicies): PromiseOutlook | null {
  const source = mesh.topology.workloads.find(({ name }) => name === role)
  if (source === undefined) return null
  const request = { ...purchaseRequest(store), source: accountOf(source) }
  const declared = declaredPromises(mesh, request, egressUrls)
  return { topology: mesh.topology, request, egressUrls, patienceMs: requestTimeoutMs, declared }
}
