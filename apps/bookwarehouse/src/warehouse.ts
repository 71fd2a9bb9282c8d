import type { Episodes, Logs, Readiness, TraceContext, Tracing } from '@bookstore/common'
import type { Registry } from 'prom-client'
import { pruneKeys } from './key-pruner.ts'
import { type CommitReport, createRestockQueue, QueueFullError } from './restock-queue.ts'
import { type Restock, type RestockOutcome, type Stock, StockFullError, StockUnavailableError } from './stock/stock.ts'
import { createStockKeeper } from './stock-keeper.ts'
import { createWarehouseMetrics, type WarehouseMetrics } from './warehouse-metrics.ts'

/** Who asked for a restock, as far as it said. */
export interface RestockOrigin {
  readonly store?: string | undefined
  /** The `x-request-id` of the newest purchase that it comes from. */
  readonly requestId?: string | undefined
  /** The span of its request. */
  readonly span?: TraceContext | undefined
}

/** What the warehouse does, apart from how it is asked. */
export interface Warehouse {
  /**
   * Adds books; resolves once they are committed. Rejects with QueueFullError, StockFullError or StockUnavailableError.
   */
  restock(restock: Restock, origin?: RestockOrigin): Promise<RestockOutcome>
  /** Rejects with StockUnavailableError. */
  total(): Promise<number>
  /** Begins to connect to the database, now and whenever it is lost. */
  start(): void
  close(): Promise<void>
}

export interface WarehouseOptions {
  readonly stock: Stock
  readonly logs: Logs
  readonly registry: Registry
  readonly readiness: Readiness
  readonly episodes?: Episodes
  readonly tracing?: Tracing | undefined
  readonly maxBatch?: number
  readonly maxTransactions?: number
  readonly maxWaiting?: number
  readonly pruneEveryMs?: number
}

/** A warehouse on `stock` that refuses at once what a lost database could not keep. */
export function createWarehouse({
  stock,
  logs: { logger, osmLine },
  registry,
  readiness,
  episodes,
  tracing,
  pruneEveryMs = 60_000,
  ...limits
}: WarehouseOptions): Warehouse {
  const metrics = createWarehouseMetrics(registry, { waiting: () => queue.waiting(), connections: stock.connections })
  const keeper = createStockKeeper({ stock, readiness, logger, onChange: metrics.databaseIsUp })
  const onCommit = (report: CommitReport) => {
    metrics.committed(report)
    if (report.error === undefined) logger.debug({ restocks: report.restocks }, 'committed')
  }
  const queue = createRestockQueue({ stock, onCommit, tracing, ...limits })
  const whileUp = async <T>(work: () => Promise<T>): Promise<T> => {
    if (!keeper.isUp()) {
      const reason = readiness.reasons()['database'] ?? 'the database is not ready'
      throw new StockUnavailableError(reason)
    }
    try {
      return await work()
    } catch (error) {
      if (error instanceof StockUnavailableError) keeper.reportFailure(error)
      throw error
    }
  }
  const refuse = (why: Refusal, reason: string) => {
    metrics.refused(why)
    episodes?.note(why, { message: `restocks are refused: ${why}`, level: 'warn', fields: { reason } })
  }
  const tell = ({ amount, key }: Restock, outcome: RestockOutcome, origin: RestockOrigin) => {
    if (outcome.kind === 'conflict') return refuse('conflict', `the key came first with ${outcome.firstAmount} books`)
    metrics.totalIs(outcome.total)
    if (outcome.kind !== 'added') return
    metrics.booksAdded(amount)
    const { store, requestId, span } = origin
    const ids = { key, store, request_id: requestId, trace_id: span?.traceId }
    logger.debug({ restocked: amount, total: outcome.total, ...ids }, 'restocked')
    osmLine(`Restocking bookstore with ${amount} new books; Total so far: ${outcome.total}`)
    // as the original does at every restock from the third book on, so that the end of a log has it too
    if (outcome.total >= 3) osmLine('MAESTRO! THIS TEST SUCCEEDED!')
  }
  const prune = async () => {
    try {
      await whileUp(() => pruneKeys({ stock, logger }))
    } catch (error) {
      logger.warn({ reason: (error as Error).message }, 'old idempotency keys stay for now')
    }
  }
  let pruning: NodeJS.Timeout | undefined
  return {
    async restock(restock, origin = {}) {
      try {
        const outcome = await whileUp(() => queue.add(restock, origin.span))
        tell(restock, outcome, origin)
        return outcome
      } catch (error) {
        refuse(refusalOf(error), (error as Error).message)
        throw error
      }
    },
    async total() {
      const total = await whileUp(() => stock.total())
      metrics.totalIs(total)
      return total
    },
    start() {
      keeper.start()
      pruning = setInterval(prune, pruneEveryMs)
    },
    async close() {
      clearInterval(pruning)
      await keeper.stop()
      await stock.close()
    }
  }
}

type Refusal = Parameters<WarehouseMetrics['refused']>[0]

function refusalOf(error: unknown): Refusal {
  if (error instanceof QueueFullError) return 'overloaded'
  return error instanceof StockFullError ? 'full' : 'unavailable'
}
