import { createHistogram, createTally, keptBy } from '@bookstore/common'
import { Gauge, type Registry } from 'prom-client'
import type { Attempt } from '../shopping/attempt.ts'
import { createLabelBound } from '../state/bounded-counter.ts'

/** What a shopper counts since its start; unlike the counts of its page nobody can reset it. */
export interface ShopperMetrics {
  /** One attempt to buy that took so many seconds; `trace` is the id of its trace when that is kept. */
  attempted(attempt: Attempt, seconds: number, trace?: string): void
  /** How many listeners the event stream has now. */
  listenersAre(count: number): void
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * Registers the counters. Versions and reasons come from answers, so of each only the first 32 have a label, and of
 * versions with a histogram the first 3: each costs as many series as it has buckets.
 */
export function createShopperMetrics(registry: Registry): ShopperMetrics {
  const attempts = createTally({
    registry,
    name: 'bookstore_purchase_attempts_total',
    help: 'Attempts to buy a book, by outcome, and for those that were denied or failed by reason.',
    labelNames: ['outcome', 'reason']
  })
  const bought = createTally({
    registry,
    name: 'bookstore_books_bought_total',
    help: 'Books bought, by the version that sold them.',
    labelNames: ['version']
  })
  const durations = createHistogram({
    registry,
    name: 'bookstore_purchase_duration_seconds',
    help: 'Duration of an attempt to buy as the shopper meets it, by outcome and version.',
    buckets: BUCKETS,
    labelNames: ['outcome', 'version']
  })
  const listeners = new Gauge({
    name: 'bookstore_event_streams',
    help: 'Listeners of the event stream: open pages and programs.',
    registers: [registry]
  })
  const boundVersion = createLabelBound()
  const boundTimed = createLabelBound({ maxLabels: 3 })
  const boundReason = { denied: createLabelBound(), failed: createLabelBound() }
  const anyBought = attempts({ outcome: 'bought', reason: '' })
  for (const outcome of ['denied', 'failed']) attempts({ outcome, reason: '' })
  const boughtFrom = keptBy((version: string) => bought({ version }))
  const boughtIn = keptBy((version: string) => durations({ outcome: 'bought', version }))
  const missed = {
    denied: keptBy((reason: string) => attempts({ outcome: 'denied', reason })),
    failed: keptBy((reason: string) => attempts({ outcome: 'failed', reason }))
  }
  const missedIn = keptBy((outcome: string) => durations({ outcome, version: '' }))
  return {
    attempted({ outcome }, seconds, trace) {
      if (outcome.kind === 'bought') {
        anyBought.add()
        boughtFrom(boundVersion(outcome.version)).add()
        boughtIn(boundTimed(outcome.version)).observe(seconds, trace)
        return
      }
      const reason = outcome.kind === 'denied' ? outcome.how : outcome.why
      missed[outcome.kind](boundReason[outcome.kind](reason)).add()
      missedIn(outcome.kind).observe(seconds, trace)
    },
    listenersAre: count => listeners.set(count)
  }
}
