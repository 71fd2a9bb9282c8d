import type { Logs, Readiness } from '@bookstore/common'
import type { Registry } from 'prom-client'
import { pruneKeys } from './key-pruner.ts'
import { type CommitReport, createRestockQueue, QueueFullError } from './restock-queue.ts'
import { type Restock, type RestockOutcome, type Stock, StockFullError, StockUnavailableError } from './stock/stock.ts'
import { createStockKeeper } from './stock-keeper.ts'
import { createWarehouseMetrics } from './warehouse-metrics.ts'

/** What the warehouse does, apart from how it is asked. */
export interface Warehouse {
  /**
   * Adds books; resolves once they are committed. Rejects with QueueFullError, StockFullError or StockUnavailableError.
   */
  restock(restock: Restock): Promise<RestockOutcome>
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
  pruneEveryMs = 60_000,
  ...limits
}: WarehouseOptions): Warehouse {
  const metrics = createWarehouseMetrics(registry, { waiting: () => queue.waiting() })
  const keeper = createStockKeeper({ stock, readiness, logger, onChange: metrics.databaseIsUp })
  const onCommit = (report: CommitReport) => {
    metrics.committed(report)
    if (report.error === undefined) logger.debug({ restocks: report.restocks }, 'committed')
  }
  const queue = createRestockQueue({ stock, onCommit, ...limits })
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
  const tell = ({ amount }: Restock, outcome: RestockOutcome) => {
    if (outcome.kind === 'conflict') return metrics.refused('conflict')
    metrics.totalIs(outcome.total)
    if (outcome.kind !== 'added') return
    metrics.booksAdded(amount)
    logger.info({ restocked: amount, total: outcome.total }, 'restocked')
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
    async restock(restock) {
      try {
        const outcome = await whileUp(() => queue.add(restock))
        tell(restock, outcome)
        return outcome
      } catch (error) {
        metrics.refused(refusalOf(error))
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

function refusalOf(error: unknown): 'overloaded' | 'full' | 'unavailable' {
  if (error instanceof QueueFullError) return 'overloaded'
  return error instanceof StockFullError ? 'full' : 'unavailable'
}
