import type { DeclaredCell, DeclaredSource, PolicyStatus, Split } from '@bookstore/contract'

/** What the policies in force mean for this shopper; the local mesh and the cluster each give one. */
export interface PolicyView {
  readonly status: PolicyStatus
  /** The weights that the policies declare, if they split the bookstore. */
  readonly declared: { readonly split: Split; readonly source: DeclaredSource } | null
  /** Whether they let this shopper buy; null when it depends on the version or cannot be known. */
  readonly access: 'allowed' | 'denied' | null
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
  status: { kind: 'none', inForce: [], lastChange: null, problems: [], denial: null },
  declared: null,
  access: null,
  cells: null
}
