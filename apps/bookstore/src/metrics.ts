import { Counter, Gauge, type Registry } from 'prom-client'
import { waiting } from './ledger/ledger.ts'
import type { LedgerStore } from './ledger/ledger-store.ts'
import type { Delivery } from './outbox/delivery.ts'

/** Why a sale was not made. */
type SaleRefusal = 'outbox_full' | 'outbox_not_writable'

/** Counts what the books do not know. */
export interface BookstoreMetrics {
  attempted(outcome: Delivery['kind']): void
  saleRefused(reason: SaleRefusal): void
}

/**
 * Registers the metrics of a store. The counts of books are read from the books themselves, so the two cannot differ.
 */
export function createBookstoreMetrics(
  registry: Registry,
  { store, outboxMax }: { readonly store: LedgerStore; readonly outboxMax: number }
): BookstoreMetrics {
  const registers = [registry]
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
  return createEventCounters(registers)
}

function createEventCounters(registers: Registry[]): BookstoreMetrics {
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
  return {
    attempted: outcome => attempts.inc({ outcome }),
    saleRefused: reason => refusals.inc({ reason })
  }
}
