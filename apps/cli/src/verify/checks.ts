import {
  type AccessVerdict,
  type DeclaredSource,
  formatRanges,
  formatSplit,
  type Snapshot,
  type SplitVerdict,
  type Status
} from '@bookstore/contract'
import { expectedElsewhere, reasonWithOutlook } from '@bookstore/verdict'
import type { FreshCounts, FreshView } from './fresh-window.ts'
import type { Terms } from './terms.ts'

/** One thing that was judged. */
export interface Check {
  /** `split 50/50`, `access denied`. */
  readonly name: string
  readonly status: Status
  readonly reason: string
  /** null for the health, which is of the moment. */
  readonly verdict: SplitVerdict | AccessVerdict | null
  /** Whether the purchases since the start of the command decided, or all that the shopper's window holds. */
  readonly judgedOn: 'this run' | "the shopper's window"
}

// The shopper's verdict rests on its past. Before it is repeated, this many new purchases must not contradict it:
// enough to see a 50/50 that has become 90/10 (about 20) and stores that are gone.
const NEW_PURCHASES = 30
const NEW_ATTEMPTS = 10

const POLICIES: readonly DeclaredSource['kind'][] = ['local-mesh', 'cluster']

/** The checks that the terms ask for, as far as they are decided by now. */
export function checksOf(terms: Terms, fresh: FreshView, snapshot: Snapshot): readonly Check[] {
  const { split, access } = terms
  return [
    ...(split
      ? [splitCheck(`split ${terms.ranges ? formatRanges(terms.ranges) : formatSplit(split)}`, terms, fresh, snapshot)]
      : []),
    ...(access === null ? [] : [accessCheck(`access ${access}`, terms, fresh, snapshot)]),
    ...healthChecks(snapshot)
  ]
}

// a verdict rests on the past: a shop that is broken now does not pass
function healthChecks({ health }: Snapshot): readonly Check[] {
  if (health.status !== 'degraded') return []
  return [{ name: 'health now', status: 'pending', reason: health.reason, verdict: null, judgedOn: 'this run' }]
}

/** `fail` when one fails, `pass` when all pass. */
export function overall(checks: readonly Pick<Check, 'status'>[]): Status {
  if (checks.some(({ status }) => status === 'fail')) return 'fail'
  return checks.every(({ status }) => status === 'pass') ? 'pass' : 'pending'
}

function splitCheck(name: string, terms: Terms, fresh: FreshView, snapshot: Snapshot): Check {
  const page = snapshot.verdict
  const dependent = page.causes.find(({ code }) => code === 'dependent')
  if (dependent) return dependentCheck(name, terms, snapshot, dependent.text)
  const own = fresh.split ?? page
  const isConfirmed = fresh.counts.bought >= NEW_PURCHASES
  const check = chosen(
    name,
    own,
    terms.sameAsShopper && !snapshot.window.settling ? page : undefined,
    isConfirmed,
    () => (fresh.counts.bought === 0 ? nothingBought(fresh.counts, snapshot) : reasonWithOutlook(own))
  )
  return withKnownCause(check, terms, snapshot)
}

// who expects another split than the policies declare wants to know that, and nothing more
function withKnownCause(
  check: Check,
  { split, ranges }: Terms,
  { declared: { split: theirs, source } }: Snapshot
): Check {
  const { verdict } = check
  if (split === null || ranges !== undefined || theirs === null || !POLICIES.includes(source.kind)) return check
  if (verdict === null || !('versions' in verdict)) return check
  const cause = expectedElsewhere(verdict, split, { split: theirs, source: source.detail })
  return cause === null ? check : { ...check, verdict: { ...verdict, causes: [cause] } }
}

// counts alone do not tell which purchases came on one connection: the shopper knows, for what it is told to expect
function dependentCheck(name: string, { sameAsShopper }: Terms, { verdict, window }: Snapshot, why: string): Check {
  const judgedOn = "the shopper's window"
  if (sameAsShopper && !window.settling)
    return { name, status: verdict.status, reason: reasonWithOutlook(verdict), verdict, judgedOn }
  const reason = `not judged: ${why}; what the shopper itself expects (EXPECTED_SPLIT) is judged by connection`
  return {
    name,
    status: 'pending',
    reason,
    verdict: { ...verdict, status: 'pending', reason, missing: null },
    judgedOn
  }
}

function accessCheck(name: string, terms: Terms, fresh: FreshView, snapshot: Snapshot): Check {
  const { bought, denied } = fresh.counts
  const own = fresh.access ?? { ...snapshot.access, status: 'pending' as const }
  const usesPage = terms.sameAsShopper || typeof terms.access === 'number'
  return chosen(name, own, usesPage ? snapshot.access : undefined, bought + denied >= NEW_ATTEMPTS, () =>
    bought + denied === 0 ? noAnswer(fresh.counts, snapshot) : own.reason
  )
}

function chosen(
  name: string,
  own: SplitVerdict | AccessVerdict,
  shopper: SplitVerdict | AccessVerdict | undefined,
  isConfirmed: boolean,
  pendingReason: () => string
): Check {
  const useShopper =
    own.status === 'pending' && (shopper?.status === 'fail' || (shopper?.status === 'pass' && isConfirmed))
  const verdict = useShopper && shopper ? shopper : own
  return {
    name,
    status: verdict.status,
    reason: verdict.status === 'pending' ? pendingReason() : verdict.reason,
    verdict,
    judgedOn: useShopper ? "the shopper's window" : 'this run'
  }
}

function nothingBought(counts: FreshCounts, snapshot: Snapshot): string {
  const { denied, failed } = counts
  if (denied > 0) {
    const why = snapshot.policies.denial ?? snapshot.lastOutcome?.text
    return `nothing was bought: ${denied} ${times(denied)} denied${why ? ` (${why})` : ''}`
  }
  return failed > 0 ? noAnswer(counts, snapshot) : 'nothing was bought: no attempt was made'
}

function noAnswer({ failed }: FreshCounts, { lastOutcome }: Snapshot): string {
  if (failed === 0) return 'no attempt was made'
  const last = lastOutcome?.kind === 'failed' ? `, the last one with: ${lastOutcome.text}` : ''
  return `nothing was bought, no store answers: ${failed} ${failed === 1 ? 'attempt' : 'attempts'} failed${last}`
}

function times(count: number): string {
  return count === 1 ? 'attempt was' : 'attempts were'
}
