import type { AccessVerdict, Snapshot, Split, SplitVerdict } from '@bookstore/contract'
import { judgeAccess, judgeCounts } from '@bookstore/verdict'
import type { Terms } from './terms.ts'

/** What happened since the window began, and what it means by the terms. */
export interface FreshView {
  readonly counts: FreshCounts
  readonly split: SplitVerdict | null
  readonly access: AccessVerdict | null
}

export type FreshCounts = Pick<Snapshot['counts'], 'bought' | 'denied' | 'failed' | 'byVersion'>

/** Judges what a shopper counts from the first look on. */
export interface FreshWindow {
  /** `inFlight`: most purchases that can have begun and not ended at this moment. */
  look(counts: FreshCounts, inFlight?: number): FreshView
}

/**
 * A window that begins with the first look. Between two looks the order of purchases is not known, and one that is made
 * up (all of v1, then all of v2) would raise an alarm of its own; so the test is asked at the looks only, where its
 * e-value depends on the counts alone. An alarm at one look stays.
 */
export function createFreshWindow(terms: Terms): FreshWindow {
  let before: FreshCounts | undefined
  let alarm: SplitVerdict | undefined
  return {
    look(now, inFlight = 0) {
      // fewer than before: somebody reset the counters, and all they hold is new
      if (before && totalOf(now) < totalOf(before)) before = NOTHING
      before ??= now
      const counts = difference(before, now)
      const split = terms.split && (alarm ?? judgeSplit(counts, terms, inFlight))
      if (split?.status === 'fail') alarm = split
      return { counts, split, access: judgedAccess(counts, terms) }
    }
  }
}

const NOTHING: FreshCounts = { bought: 0, denied: 0, failed: 0, byVersion: {} }

// A store that pauses answers nothing while the other goes on, so what has ended is not a fair sample of what has
// begun.
// An alarm must hold whatever the purchases in flight turn out to be: they are lent to the versions that lack most.
function judgeSplit(
  { byVersion }: FreshCounts,
  { split, ranges, alpha, tolerance }: Terms,
  inFlight: number
): SplitVerdict | null {
  if (split === null) return null
  const judge = (counts: Readonly<Record<string, number>>) =>
    judgeCounts({ declared: split, ranges, counts, alpha, tolerance })
  const seen = judge(byVersion)
  if (seen.status !== 'fail' || inFlight === 0) return seen
  const lenient = judge(withLent(byVersion, split, inFlight))
  return lenient.status === 'fail' ? seen : { ...lenient, status: 'pending' }
}

function withLent(
  byVersion: Readonly<Record<string, number>>,
  split: Split,
  lent: number
): Readonly<Record<string, number>> {
  const counts = { ...byVersion }
  for (let count = 0; count < lent; count++) {
    const total = Object.values(counts).reduce((sum, one) => sum + one, 0)
    const lack = (version: string) => (split[version] ?? 0) * (total + 1) - (counts[version] ?? 0)
    const [neediest = ''] = Object.keys(split).sort((a, b) => lack(b) - lack(a))
    counts[neediest] = (counts[neediest] ?? 0) + 1
  }
  return counts
}

function judgedAccess(
  { bought, denied, failed }: FreshCounts,
  { access, alpha, tolerance }: Terms
): AccessVerdict | null {
  // which status each attempt had is not in the counts, so a single code is the shopper's to judge
  if (access === null || typeof access === 'number') return null
  const [asExpected, otherwise] = access === 'allowed' ? [bought, denied] : [denied, bought]
  return judgeAccess({ asExpected, otherwise, unclear: failed }, { expected: access, alpha, tolerance })
}

function difference(before: FreshCounts, now: FreshCounts): FreshCounts {
  const versions = Object.entries(now.byVersion).map(([version, count]) => [
    version,
    Math.max(0, count - (before.byVersion[version] ?? 0))
  ])
  return {
    bought: now.bought - before.bought,
    denied: now.denied - before.denied,
    failed: now.failed - before.failed,
    byVersion: Object.fromEntries(versions)
  }
}

function totalOf({ bought, denied, failed }: FreshCounts): number {
  return bought + denied + failed
}
