import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { CommitReport } from './restock-queue.ts'
import type { ConnectionUsage } from './stock/stock.ts'

/** What the warehouse tells Prometheus. */
export interface WarehouseMetrics {
  committed(report: CommitReport): void
  /** A restock that was not added: its request is answered with an error. */
  refused(why: 'conflict' | 'overloaded' | 'unavailable' | 'full'): void
  databaseIsUp(isUp: boolean): void
  totalIs(total: number): void
  booksAdded(books: number): void
}

/** Registers the metrics; `waiting` is asked at each scrape. */
export function createWarehouseMetrics(
  registry: Registry,
  {
    waiting,
    connections
  }: { readonly waiting: () => number; readonly connections?: (() => ConnectionUsage) | undefined }
): WarehouseMetrics {
  const registers = [registry]
  const restocks = new Counter({
    name: 'bookwarehouse_restocks_total',
    help: 'Restocks by what became of them: added, replayed (its key was known), conflict (same key, other amount), overloaded, unavailable or full.',
    labelNames: ['outcome'] as const,
    registers
  })
  for (const outcome of OUTCOMES) restocks.inc({ outcome }, 0)
  const books = new Counter({
    name: 'bookwarehouse_books_total',
    help: 'Books added by this process.',
    registers
  })
  const stock = new Gauge({
    name: 'bookwarehouse_stock_books',
    help: 'Books in the database, as this process saw them last.',
    registers
  })
  const database = new Gauge({
    name: 'bookwarehouse_database_up',
    help: 'Whether the database can be used: 1 or 0.',
    registers
  })
  const { batches, durations } = createCommitHistograms(registry)
  if (connections !== undefined) addConnections(registers, connections)
  new Gauge({
    name: 'bookwarehouse_restocks_waiting',
    help: 'Restocks that wait for their transaction.',
    registers,
    collect() {
      this.set(waiting())
    }
  })
  return {
    committed({ restocks: size, seconds, outcomes }) {
      batches.observe(size)
      durations.observe(seconds)
      for (const { kind } of outcomes) if (kind !== 'conflict') restocks.inc({ outcome: kind })
    },
    refused: why => restocks.inc({ outcome: why }),
    databaseIsUp: isUp => database.set(isUp ? 1 : 0),
    totalIs: total => stock.set(total),
    booksAdded: count => books.inc(count)
  }
}

function addConnections(registers: Registry[], connections: () => ConnectionUsage): void {
  const gauge = (name: string, help: string, read: (usage: ConnectionUsage) => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read(connections()))
      }
    })
  gauge('bookwarehouse_database_connections', 'Connections to the database in use.', ({ used }) => used)
  gauge('bookwarehouse_database_connections_limit', 'Most connections to the database.', ({ limit }) => limit)
  gauge(
    'bookwarehouse_database_connection_waiters',
    'Pieces of work that wait for a connection.',
    ({ waiting }) => waiting
  )
}

const OUTCOMES = ['added', 'replayed', 'conflict', 'overloaded', 'unavailable', 'full'] as const

function createCommitHistograms(registry: Registry) {
  const batches = new Histogram({
    name: 'bookwarehouse_batch_restocks',
    help: 'Restocks written in one transaction.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
    registers: [registry]
  })
  const durations = new Histogram({
    name: 'bookwarehouse_transaction_duration_seconds',
    help: 'Duration of one transaction, its retries included.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry]
  })
  return { batches, durations }
}
