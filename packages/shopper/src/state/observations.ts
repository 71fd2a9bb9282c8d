import type { LedgerView, Snapshot, TimelineBucket } from '@bookstore/contract'
import type { Attempt } from '../shopping/attempt.ts'
import { createBoundedCounter } from './bounded-counter.ts'
import { createLatencyByVersion } from './latency.ts'
import { describeOutcome } from './outcome-words.ts'
import { createRate } from './rate.ts'
import { createStoreLedger } from './store-ledger.ts'
import { createTimeline } from './timeline.ts'

/** What was seen, before anybody judges it. */
export interface Observations {
  record(attempt: Attempt): void
  counts(): Snapshot['counts']
  latency(): Snapshot['latency']
  ledger(): LedgerView
  lastOutcome(): Snapshot['lastOutcome']
  /** Attempts that failed since the last one that was bought or denied. */
  failuresInARow(): number
  perSecond(now: number): number
  timeline(range: { readonly since: number; readonly now: number }): readonly TimelineBucket[]
  /** Forgets the counts; what the stores said of themselves stays. */
  clear(): void
}

export function createObservations(): Observations {
  const bought = createBoundedCounter()
  const denied = createBoundedCounter()
  const failed = createBoundedCounter()
  const latency = createLatencyByVersion()
  const timeline = createTimeline()
  const ledger = createStoreLedger()
  const rate = createRate()
  let lastOutcome: Snapshot['lastOutcome'] = null
  let failuresInARow = 0

  const count = ({ outcome, answer }: Attempt) => {
    if (outcome.kind === 'denied') return denied.add(outcome.how)
    if (outcome.kind === 'failed') return failed.add(outcome.why)
    if (answer) {
      latency.record(outcome.version, answer.elapsedMs)
      ledger.record(answer.headers, outcome.version)
    }
    return bought.add(outcome.version)
  }
  return {
    record(attempt) {
      count(attempt)
      timeline.record(attempt.outcome, attempt.answer?.elapsedMs, attempt.at)
      rate.record(attempt.at)
      failuresInARow = attempt.outcome.kind === 'failed' ? failuresInARow + 1 : 0
      lastOutcome = describeOutcome(attempt)
    },
    counts: () => ({
      bought: bought.total(),
      denied: denied.total(),
      failed: failed.total(),
      byVersion: bought.counts(),
      byDenial: denied.counts(),
      byFailure: failed.counts()
    }),
    latency: latency.read,
    ledger: ledger.read,
    lastOutcome: () => lastOutcome,
    failuresInARow: () => failuresInARow,
    perSecond: rate.perSecond,
    timeline: timeline.read,
    clear() {
      for (const part of [bought, denied, failed, latency, timeline]) part.clear()
      lastOutcome = null
      failuresInARow = 0
    }
  }
}
