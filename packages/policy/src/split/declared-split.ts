import { type ClientRequest, PURCHASE } from '@bookstore/contract'
import type { Mesh } from '../mesh.ts'
import { backendsOf } from './weighted-backends.ts'

/** What was declared, for a verdict to compare with. */
export interface DeclaredSplit {
  /** Version name (`bookstore-v1`) to share, 0 to 1; they sum to 1. */
  readonly shares: Readonly<Record<string, number>>
  /** Which object declared it: `TrafficSplit bookstore/bookstore-split`. */
  readonly source: string
}

/**
 * The split that was declared for a request at its service, by version name; null where nothing was declared
 * (then the pods' number decides, which is no promise).
 */
export function declaredSplit(mesh: Mesh, request: ClientRequest = PURCHASE): DeclaredSplit | null {
  const split = backendsOf(mesh, request.service, request)
  if (split === null || !split.declared || split.backends.length === 0) return null
  const shares = new Map<string, number>()
  for (const { name, share } of split.backends) shares.set(name, (shares.get(name) ?? 0) + share)
  return { shares: Object.fromEntries(shares), source: split.source }
}
