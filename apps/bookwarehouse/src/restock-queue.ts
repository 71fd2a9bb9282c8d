import { MOST_LINKS, type TraceContext, type Tracing } from '@bookstore/common'
import {
  type Restock,
  type RestockOutcome,
  type StatementTrace,
  type Stock,
  StockFullError,
  StockUnavailableError
} from './stock/stock.ts'

/** More restocks wait than the queue may hold; nothing was added. */
export class QueueFullError extends Error {
  override readonly name = 'QueueFullError'
  readonly code = 'QUEUE_FULL'
}

/** One finished or failed transaction. */
export interface CommitReport {
  readonly restocks: number
  readonly seconds: number
  readonly outcomes: readonly RestockOutcome[]
  readonly error?: unknown
}

export interface RestockQueueOptions {
  readonly stock: Pick<Stock, 'add'>
  readonly maxBatch?: number
  /**
   * One is written while the next waits for its turn: a second one hides the way to the database and back, more gain
   * nothing.
   */
  readonly maxTransactions?: number
  readonly maxWaiting?: number
  readonly onCommit?: (report: CommitReport) => void
  readonly tracing?: Tracing | undefined
}

/** Restocks on their way into the database. */
export interface RestockQueue {
  /**
   * Resolves once the restock is committed.
   * @throws QueueFullError, StockFullError, or StockUnavailableError when the database failed before or during the
   * commit
   */
  add(restock: Restock, span?: TraceContext): Promise<RestockOutcome>
  /** Restocks whose transaction has not begun. */
  waiting(): number
}

interface Entry {
  readonly restock: Restock
  readonly span: TraceContext | undefined
  resolve(outcome: RestockOutcome): void
  reject(error: unknown): void
}

/**
 * Group commit: what arrives while a transaction is under way is written together in the next one, so that one
 * write to disk acknowledges many restocks, and a single restock waits for no timer.
 */
export function createRestockQueue({
  stock,
  maxBatch = 500,
  maxTransactions = 2,
  maxWaiting = 1_000,
  onCommit = () => undefined,
  tracing
}: RestockQueueOptions): RestockQueue {
  const waiting: Entry[] = []
  let transactions = 0

  const next = () => {
    if (transactions >= maxTransactions || waiting.length === 0) return
    transactions++
    // the other requests of this turn of the event loop belong to the batch as well
    setImmediate(async () => {
      await commit(waiting.splice(0, maxBatch))
      transactions--
      next()
    })
    next()
  }

  const commit = async (entries: readonly Entry[]): Promise<void> => {
    if (entries.length === 0) return
    const startedAt = performance.now()
    const report = (rest: Pick<CommitReport, 'outcomes' | 'error'>) => {
      const seconds = (performance.now() - startedAt) / 1000
      onCommit({ restocks: entries.length, seconds, ...rest })
    }
    try {
      const batch = entries.map(({ restock }) => restock)
      const outcomes = await stock.add(batch, statementTrace(tracing, entries))
      report({ outcomes })
      for (const [at, outcome] of outcomes.entries()) entries[at]?.resolve(outcome)
    } catch (error) {
      report({ outcomes: [], error })
      await refuse(entries, error)
    }
  }

  const refuse = async (entries: readonly Entry[], error: unknown): Promise<void> => {
    if (error instanceof StockFullError && entries.length > 1) {
      // one restock that is too large must not take the others with it
      for (const entry of entries) await commit([entry])
      return
    }
    for (const entry of entries) entry.reject(error)
    // whoever waits behind a lost database would only wait for the same end
    if (error instanceof StockUnavailableError) {
      for (const entry of waiting.splice(0)) entry.reject(error)
    }
  }

  return {
    add(restock, span) {
      if (waiting.length >= maxWaiting) {
        return Promise.reject(new QueueFullError(`${maxWaiting} restocks are waiting already`))
      }
      return new Promise((resolve, reject) => {
        waiting.push({ restock, span, resolve, reject })
        next()
      })
    },
    waiting: () => waiting.length
  }
}

/**
 * Statements are spans of the newest request's trace, and linked to those of the others that are written with it
 * (https://opentelemetry.io/docs/specs/semconv/database/database-spans/).
 */
function statementTrace(tracing: Tracing | undefined, entries: readonly Entry[]): StatementTrace | undefined {
  const spans = entries.flatMap(({ span }) => span ?? [])
  const parent = spans.at(-1)
  if (tracing === undefined || !parent?.isSampled) return undefined
  const links = spans.slice(0, -1).slice(-MOST_LINKS)
  return async ({ name, attributes }, run) => {
    const span = tracing.start({ name, kind: 'client', parent, links, attributes })
    try {
      return await run()
    } catch (error) {
      const { code, name: kind, message } = error as { code?: unknown; name: string; message: string }
      span.fail(typeof code === 'string' ? code : kind, message)
      throw error
    } finally {
      span.end()
    }
  }
}
