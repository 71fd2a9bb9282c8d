/** Restocks that go to the warehouse together; a retry has the same key and the same amount. */
export interface Batch {
  readonly key: string
  readonly amount: number
}

/** The books of one store. Always `sold = restocked + dropped + waiting`, because `waiting` is the rest. */
export interface Ledger {
  /** Id of the store that keeps these books. */
  readonly instance: string
  /** What `/raw` and the `Booksbought` header show; people set it and reset it. */
  readonly counter: number
  /** Sales ever made; nobody can reset it. */
  readonly sold: number
  /** Books that the warehouse acknowledged. */
  readonly restocked: number
  /** Books that the warehouse refused for good. */
  readonly dropped: number
  /** Restocks on their way: some of the waiting ones. */
  readonly batch: Batch | undefined
}

/** One change of the books. It throws instead of giving books that are wrong. */
export type LedgerStep = (ledger: Ledger) => Ledger

/** The outbox has no room for another sale. */
export class OutboxFullError extends Error {
  override readonly name = 'OutboxFullError'
  readonly code = 'OUTBOX_FULL'

  constructor(limit: number) {
    super(`the outbox is full: ${limit} restocks wait for the warehouse`)
  }
}

/** The books of a store that has sold nothing. */
export function emptyLedger(instance: string): Ledger {
  return { instance, counter: 0, sold: 0, restocked: 0, dropped: 0, batch: undefined }
}

/** Books sold that the warehouse has neither acknowledged nor refused. */
export function waiting({ sold, restocked, dropped }: Ledger): number {
  return sold - restocked - dropped
}

/**
 * Sells one book.
 * @throws OutboxFullError when `outboxMax` books wait already, because a sale must never be lost
 */
export function sell({ outboxMax }: { readonly outboxMax: number }): LedgerStep {
  return ledger => {
    if (waiting(ledger) >= outboxMax) throw new OutboxFullError(outboxMax)
    const counter = Math.min(ledger.counter + 1, Number.MAX_SAFE_INTEGER)
    return { ...ledger, counter, sold: ledger.sold + 1 }
  }
}

/** Sets the visible counter; sales ever made stay what they are. */
export function setCounter(counter: number): LedgerStep {
  return ledger => ({ ...ledger, counter })
}

/** Puts up to `maxAmount` waiting books under `key`, unless a batch is on its way or nothing waits. */
export function formBatch(key: string, { maxAmount }: { readonly maxAmount: number }): LedgerStep {
  return ledger => {
    const amount = Math.min(waiting(ledger), maxAmount)
    if (ledger.batch !== undefined || amount === 0) return ledger
    return { ...ledger, batch: { key, amount } }
  }
}

/** Ends the batch with `key`, so that a late answer cannot be counted twice. */
export function settleBatch(key: string, as: 'restocked' | 'dropped'): LedgerStep {
  return ledger => {
    if (ledger.batch?.key !== key) return ledger
    return { ...ledger, [as]: ledger[as] + ledger.batch.amount, batch: undefined }
  }
}
