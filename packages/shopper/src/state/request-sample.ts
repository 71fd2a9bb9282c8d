import type { Attempt } from '../shopping/attempt.ts'

/** One request that was really sent, and what came of it. */
export interface SeenRequest {
  /** Its number among all attempts, from 1. */
  readonly n: number
  /** When the outcome was known, ms since the epoch. */
  readonly at: number
  readonly kind: 'bought' | 'denied' | 'failed'
  /** Who sold; absent where nobody did. */
  readonly version?: string
}

/** The newest requests, of a burst only some. */
export interface RequestSample {
  record(attempt: Attempt): void
  read(now: number): readonly SeenRequest[]
}

const SLOT_MS = 50
const KEPT_MS = 2500

/** Keeps at most one request in 50 ms, the first of it: which one does not depend on its outcome. */
export function createRequestSample(): RequestSample {
  let seen: SeenRequest[] = []
  let n = 0
  let lastSlot = -1
  return {
    record({ at, outcome }) {
      n += 1
      const slot = Math.floor(at / SLOT_MS)
      if (slot === lastSlot) return
      lastSlot = slot
      seen.push({ n, at, kind: outcome.kind, ...(outcome.kind === 'bought' ? { version: outcome.version } : {}) })
      seen = seen.filter(request => at - request.at < KEPT_MS)
    },
    read: now => seen.filter(({ at }) => now - at < KEPT_MS)
  }
}
