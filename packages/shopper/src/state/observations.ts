import { type LedgerView, type Snapshot, type TimelineBucket, versionOfAnswer } from '@bookstore/contract'
import type { Attempt } from '../shopping/attempt.ts'
import { createBoundedCounter } from './bounded-counter.ts'
import type { LastAnswer } from './health.ts'
import { createLatencyByVersion } from './latency.ts'
import { describeOutcome } from './outcome-words.ts'
import { createRate } from './rate.ts'
import { createStoreLedger } from './store-ledger.ts'
import { createTimeline } from './timeline.ts'

// names come from answers, so that a stranger could send any number of them
const MOST_VERSIONS = 32

/** What was seen, before anybody judges it. */
export interface Observations {
  record(attempt: Attempt): void
  counts(): Snapshot['counts']
  latency(): Snapshot['latency']
  ledger(): LedgerView
  lastOutcome(): Snapshot['lastOutcome']
  /** The last answer of each version that has answered. */
  lastAnswers(): readonly LastAnswer[]
  /** Counts every silence from `from` on, because something else is expected since then. */
  restartSilence(from: number): void
  /** Attempts that failed since the last one that was bought or denied. */
  failuresInARow(): number
  perSecond(now: number): number
  timeline(range: { readonly since: number; readonly now: number }): readonly TimelineBucket[]
  /** Forgets the counts; the history of the last hours and what the stores said of themselves stay. */
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
  let lastAttempt: Attempt | null = null
  let failuresInARow = 0
  let attempts = 0
  const answered = new Map<string, { readonly at: number; readonly attempts: number }>()

  const count = ({ outcome, answer }: Attempt) => {
    if (outcome.kind === 'denied') return denied.add(outcome.how)
    if (outcome.kind === 'failed') {
      const version = answer && versionOfAnswer(answer, undefined)
      if (version !== undefined) ledger.record(answer?.headers ?? {}, version, { isBought: false })
      return failed.add(outcome.why)
    }
    if (answer) {
      latency.record(outcome.version, answer.elapsedMs)
      ledger.record(answer.headers, outcome.version)
    }
    return bought.add(outcome.version)
  }
  const noteAnswer = (version: string, at: number) => {
    if (answered.has(version) || answered.size < MOST_VERSIONS) answered.set(version, { at, attempts })
  }
  return {
    record(attempt) {
      count(attempt)
      timeline.record(attempt.outcome, attempt.answer?.elapsedMs, attempt.at)
      rate.record(attempt.at)
      attempts += 1
      if (attempt.outcome.kind === 'bought') noteAnswer(attempt.outcome.version, attempt.at)
      failuresInARow = attempt.outcome.kind === 'failed' ? failuresInARow + 1 : 0
      lastAttempt = attempt
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
    lastOutcome: () => lastAttempt && describeOutcome(lastAttempt),
    lastAnswers: () =>
      Array.from(answered, ([version, last]) => ({ version, at: last.at, attemptsSince: attempts - last.attempts })),
    restartSilence(from) {
      for (const version of answered.keys()) answered.set(version, { at: from, attempts })
    },
    failuresInARow: () => failuresInARow,
    perSecond: rate.perSecond,
    timeline: timeline.read,
    clear() {
      for (const part of [bought, denied, failed, latency]) part.clear()
      answered.clear()
      lastAttempt = null
      failuresInARow = 0
    }
  }
}
