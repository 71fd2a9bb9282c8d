import { createHistogram } from '@bookstore/common'
import { Counter, Gauge, type Registry } from 'prom-client'
import { waiting } from './ledger/ledger.ts'
import type { LedgerStore } from './ledger/ledger-store.ts'
import type { RelayEvents } from './outbox/outbox-relay.ts'

/** Why a sale was not made. */
type SaleRefusal = 'outbox_full' | 'outbox_not_writable'

/** Counts what the books do not know. */
export interface BookstoreMetrics extends RelayEvents {
  saleRefused(reason: SaleRefusal): void
  /** How old the oldest waiting sale is, in ms; 0 when none waits. */
  readOutboxAge(ageMs: () => number): void
}

/**
 * Registers the metrics of a store. The counts of books are read from the books themselves, so the two cannot differ.
 */
export function createBookstoreMetrics(
  registry: Registry,
  { store, outboxMax }: { readonly store: LedgerStore; readonly outboxMax: number }
): BookstoreMetrics {
  const registers = [registry]
  addBooks(registers, store)
  new Gauge({
    name: 'bookstore_outbox_books',
    help: 'Books sold whose restock is still to be sent.',
    registers,
    collect() {
      this.set(waiting(store.current()))
    }
  })
  new Gauge({
    name: 'bookstore_outbox_limit_books',
    help: 'Books that may wait in the outbox before sales are refused.',
    registers
  }).set(outboxMax)
  let outboxAge = () => 0
  new Gauge({
    name: 'bookstore_outbox_oldest_age_seconds',
    help: 'Age of the oldest sale whose restock is not acknowledged; 0 when none waits.',
    registers,
    collect() {
      this.set(outboxAge() / 1000)
    }
  })
  return {
    ...createEventCounters(registry),
    readOutboxAge(read) {
      outboxAge = read
    }
  }
}

function addBooks(registers: Registry[], store: LedgerStore): void {
  const total = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      }
    })
  total('bookstore_sales_total', 'Books sold.', () => store.current().sold)
  total(
    'bookstore_restocks_acknowledged_total',
    'Books whose restock the warehouse acknowledged.',
    () => store.current().restocked
  )
  total(
    'bookstore_restocks_dropped_total',
    'Books whose restock the warehouse refused for good.',
    () => store.current().dropped
  )
}

function createEventCounters(registry: Registry): Omit<BookstoreMetrics, 'readOutboxAge'> {
  const registers = [registry]
  const attempts = new Counter({
    name: 'bookstore_restock_attempts_total',
    help: 'Restock calls by what became of them.',
    labelNames: ['outcome'] as const,
    registers
  })
  const refusals = new Counter({
    name: 'bookstore_sales_refused_total',
    help: 'Sales not made, because their restock could not have been kept.',
    labelNames: ['reason'] as const,
    registers
  })
  for (const outcome of ['delivered', 'retry', 'denied', 'refused']) attempts.inc({ outcome }, 0)
  for (const reason of ['outbox_full', 'outbox_not_writable']) refusals.inc({ reason }, 0)
  const batches = createHistogram({
    registry,
    name: 'bookstore_restock_batch_books',
    help: 'Books in one acknowledged restock.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
  })({})
  const lags = createHistogram({
    registry,
    name: 'bookstore_restock_lag_seconds',
    help: 'From the oldest sale of a restock to its acknowledgement.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 300, 3600]
  })({})
  return {
    attempted: outcome => attempts.inc({ outcome }),
    saleRefused: reason => refusals.inc({ reason }),
    acknowledged({ books, lagSeconds }) {
      batches.observe(books)
      lags.observe(lagSeconds)
    }
  }
}
