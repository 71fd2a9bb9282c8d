import type { ServiceRequest } from '../decide.ts'
import type { Mesh } from '../mesh.ts'
import { nameOf } from '../model.ts'
import { ruleFor } from '../split/weighted-backends.ts'
import { declaredRetries } from './retries.ts'

/** What was declared of deadlines for a request. */
export interface DeclaredTimeout {
  /** Of the whole request with its retries; null: none. */
  readonly timeoutMs: number | null
  /** Of each try; null: none of its own. */
  readonly perTryMs: number | null
  /** No answer comes later than this: the deadline, or all tries at their longest without the pauses between them. */
  readonly longestMs: number
  readonly source: string
}

/** The deadlines of a request; null where nothing is declared. In OSM only a Retry has one, for each try. */
export function declaredTimeout(mesh: Mesh, request: ServiceRequest): DeclaredTimeout | null {
  const found = ruleFor(mesh, request.service, request)
  const retries = declaredRetries(mesh, request)
  const perTryMs = retries?.perTryTimeoutMs ?? null
  const timeoutMs = found?.rule.traffic?.timeoutMs ?? null
  const longestOfTries = perTryMs === null || retries === null ? Infinity : perTryMs * (1 + retries.retries)
  const longestMs = Math.min(timeoutMs ?? Infinity, longestOfTries)
  const source = timeoutMs === null ? retries?.source : found && nameOf(found.policy.ref)
  return longestMs === Infinity || source == null ? null : { timeoutMs, perTryMs, longestMs, source }
}
