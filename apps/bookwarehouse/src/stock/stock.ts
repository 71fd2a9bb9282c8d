import type { SpanAttributes } from '@bookstore/common'

/** One restock to be added; `key` makes it count once however often it is sent. */
export interface Restock {
  /** Books; a whole number, 0 or more. */
  readonly amount: number
  readonly key?: string | undefined
}

/** What became of one restock. `total` is the stock right after it. */
export type RestockOutcome =
  | { readonly kind: 'added' | 'replayed'; readonly total: number }
  | { readonly kind: 'conflict'; readonly firstAmount: number }

/**
 * Which keys may go: older than `before` (ms since the epoch), never the newest `keepNewest`, at most `limit` at once.
 */
export interface PruneOptions {
  readonly before: number
  readonly keepNewest: number
  readonly limit: number
}

/**
 * The stock of books in a database, and the keys of the restocks that made it.
 * Every method rejects with StockUnavailableError when the database cannot do it now.
 */
export interface Stock {
  /** Connects, creates what is missing and proves that writing works. Safe to call again after a failure. */
  open(): Promise<void>
  /** Rejects when the database does not answer. */
  check(): Promise<void>
  total(): Promise<number>
  /**
   * Adds the whole batch in one transaction, or nothing of it; outcomes come in the order of the batch.
   * After a rejection with StockUnavailableError it is not known whether the transaction was committed.
   * @throws StockFullError when the total would leave the range of exact numbers; nothing was added
   */
  add(batch: readonly Restock[], trace?: StatementTrace): Promise<readonly RestockOutcome[]>
  /** Forgets old keys, oldest first, and gives how many. */
  pruneKeys(options: PruneOptions): Promise<number>
  close(): Promise<void>
  /** Connections to the database; absent where there are none. */
  readonly connections?: () => ConnectionUsage
}

/** Runs one message to the database inside a span of its own. */
export type StatementTrace = <T>(
  statement: { readonly name: string; readonly attributes: SpanAttributes },
  run: () => Promise<T>
) => Promise<T>

/** How the connections to a database are used. */
export interface ConnectionUsage {
  readonly used: number
  readonly limit: number
  /** Pieces of work that wait for a connection. */
  readonly waiting: number
}

/** The database cannot be used now; the message says why in words for a person. */
export class StockUnavailableError extends Error {
  override readonly name = 'StockUnavailableError'
  readonly code = 'STOCK_UNAVAILABLE'
}

/** The largest total that every JSON reader gets exactly. */
export const MAX_TOTAL = Number.MAX_SAFE_INTEGER

/** A restock that would take the total over MAX_TOTAL. */
export class StockFullError extends Error {
  override readonly name = 'StockFullError'
  readonly code = 'STOCK_FULL'

  constructor() {
    super(`expected a total of at most ${MAX_TOTAL} books, this restock would exceed it`)
  }
}
