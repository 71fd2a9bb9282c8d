import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '@bookstore/contract'
import type { ApiClient } from '../api/api-client.ts'
import { judgedLine } from '../text/judged-line.ts'
import { type Check, checksOf, overall } from './checks.ts'
import { createFreshWindow, type FreshWindow } from './fresh-window.ts'
import { type Waiting, waitUntilReachable } from './reachable.ts'
import type { Report } from './report.ts'
import { type RequestedChecks, type Terms, termsOf } from './terms.ts'

export interface VerifyOptions extends Waiting {
  readonly url: string
  /** The folder of the policies that the shopper follows, where it is known. */
  readonly policyDir?: string | undefined
  readonly requested: RequestedChecks
  readonly timeoutMs: number
  readonly api: ApiClient
  /** Told after every look, for a progress line. */
  readonly progress: (checks: readonly Check[]) => void
}

/** Purchases under way at the same time in a burst. */
export const BURST_CONCURRENCY = 16
const MOST_CONCURRENCY = 64

interface VerifySession {
  readonly windowId: number
  readonly isSettling: boolean
  readonly terms: Terms
  readonly fresh: FreshWindow
}

/**
 * Looks at a shopper until the verdict is pass or fail, or the time is up (then `pending`).
 * What is bought in the settling time after a change of policies is not judged, and a change begins anew.
 */
export async function verify(options: VerifyOptions): Promise<Report> {
  const { url, requested, timeoutMs, api, signal, progress, lookEveryMs = 250 } = options
  await waitUntilReachable(() => api.snapshot(url), options)
  const startedAt = performance.now()
  let session: VerifySession | undefined
  let due = requested.burst
  for (;;) {
    const snapshot = await api.snapshot(url)
    if (!session || !isOf(session, snapshot)) session = openSession(requested, snapshot)
    const checks = checksOf(session.terms, session.fresh.look(snapshot.counts, inFlight(snapshot)), snapshot)
    const seconds = (performance.now() - startedAt) / 1000
    const status = overall(checks)
    progress(checks)
    if (status !== 'pending' || seconds * 1000 >= timeoutMs) {
      const judged = judgedLine(snapshot, options)
      return { url, judged, problems: snapshot.policies.problems, status, checks, seconds }
    }
    if (!snapshot.burst?.running && due === 0) due = Math.min(requested.burst, missingIn(checks))
    if (due > 0 && !snapshot.window.settling) {
      const isStarted = await api.burst(url, { purchases: due, concurrency: BURST_CONCURRENCY })
      if (isStarted) due = 0
    }
    await sleep(lookEveryMs, undefined, { signal })
  }
}

// A correct split needs more than it is told to buy now and then. Buying on does no harm to a verdict that holds at
// every purchase.
function missingIn(checks: readonly Check[]): number {
  return Math.max(
    0,
    ...checks.map(({ verdict }) =>
      verdict !== null && 'versions' in verdict && verdict.purchases > 0 ? (verdict.missing ?? 0) : 0
    )
  )
}

// a burst that somebody else started may be as wide as the shopper allows
function inFlight({ pace, burst }: Snapshot): number {
  return pace.concurrency + (burst?.running ? MOST_CONCURRENCY : 0)
}

function openSession(requested: RequestedChecks, snapshot: Snapshot): VerifySession {
  const terms = termsOf(requested, snapshot)
  const { id: windowId, settling: isSettling } = snapshot.window
  return { windowId, isSettling, terms, fresh: createFreshWindow(terms) }
}

// the first look after the settling time opens the session anew: what ended before it may have been sent under the
// policies before
function isOf(session: VerifySession, { window }: Snapshot): boolean {
  return session.windowId === window.id && !session.isSettling && !window.settling
}
