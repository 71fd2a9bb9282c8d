import type { DeclaredCell, DeclaredSource, PolicyStatus, Split } from '@bookstore/contract'
import { emptyPolicies, type PolicySet, type PromiseOutlook } from '@bookstore/policy'
import type { Difference } from './difference.ts'

/** What the policies in force mean for this shopper; the local mesh and the cluster each give one. */
export interface PolicyView {
  readonly status: PolicyStatus
  readonly policies: PolicySet
  /** What their last change changed, whoever made it; null before one. */
  readonly difference: Difference | null
  /** The weights that the policies declare, if they split the bookstore. */
  readonly declared: { readonly split: Split; readonly source: DeclaredSource } | null
  /** Whether they let this shopper buy; null when it depends on the version or cannot be known. */
  readonly access: 'allowed' | 'denied' | null
  /** What they promise beside that; null when they cannot be seen. */
  readonly outlook: PromiseOutlook | null
  /** What they say of every probe between the workloads of the shop; null when it cannot be known. */
  readonly cells: readonly DeclaredCell[] | null
}

/** A PolicyView that changes. */
export interface PolicyFeed {
  view(): PolicyView
  close(): Promise<void> | void
}

/** What is known without a mesh that shows its policies. */
export const NO_POLICIES: PolicyView = {
  status: { kind: 'none', inForce: [], lastChange: null, problems: [], denial: null, revision: null },
  policies: emptyPolicies,
  difference: null,
  declared: null,
  access: null,
  outlook: null,
  cells: null
}
