import { purchase } from '../client-requests.ts'
import type { PolicySet, ServiceName } from '../model.ts'
import type { Topology } from '../topology.ts'
import { type SplitRequest, splitOf } from './split-of.ts'

/** What was declared, for a verdict to compare with. */
export interface DeclaredSplit {
  /** Version name (`bookstore-v1`) to share, 0 to 1; they sum to 1. */
  readonly shares: Readonly<Record<string, number>>
  /** Which object declared it: `TrafficSplit bookstore/bookstore-split`. */
  readonly source: string
}

/**
 * The split that was declared for purchases at the root service, by version name; null where nothing
 * was declared (then the pods' number decides, which is no promise).
 */
export function declaredSplit(
  policies: PolicySet,
  topology: Topology,
  {
    root = { namespace: 'bookstore', name: 'bookstore' },
    request = purchase
  }: { readonly root?: ServiceName; readonly request?: SplitRequest } = {}
): DeclaredSplit | null {
  const split = splitOf(policies, topology, root, request)
  if (split === null || !split.declared || split.backends.length === 0) return null
  const shares = new Map<string, number>()
  for (const { name, share } of split.backends) shares.set(name, (shares.get(name) ?? 0) + share)
  return { shares: Object.fromEntries(shares), source: split.source }
}
