import {
  accountOf,
  type DeclaredCell,
  type Destination,
  type PolicyStatus,
  PROBES,
  purchaseRequest,
  type ShopperRole
} from '@bookstore/contract'
import { declaredSplit, describePolicies, evaluateAccess, type Mesh, serviceAccess } from '@bookstore/policy'
import type { PolicyView } from './policy-feed.ts'

/** What is known of policies, with where it comes from. */
export interface KnownPolicies {
  readonly kind: 'local-mesh' | 'cluster'
  readonly role: ShopperRole
  /** The Service that all versions stand behind, and where the shopper calls it. */
  readonly store: Destination
  readonly mesh: Mesh
  readonly lastChange: PolicyStatus['lastChange']
  readonly problems: readonly string[]
}

/** What policies mean for a shopper: the declared weights, whether it may buy, and why not. Pure. */
export function viewOfPolicies(known: KnownPolicies): PolicyView {
  const { kind, mesh, lastChange, problems } = known
  const declared = declaredSplit(mesh, purchaseRequest(known.store))
  const { access, denial } = accessOf(known)
  return {
    status: { kind, inForce: describePolicies(mesh), lastChange, problems, denial },
    declared: declared && { split: declared.shares, source: { kind, detail: declared.source } },
    access,
    cells: declaredCells(mesh)
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
