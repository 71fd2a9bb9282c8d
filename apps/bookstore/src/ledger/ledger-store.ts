import type { Ledger, LedgerStep } from './ledger.ts'

/** Keeps the books of one store and changes them one step at a time. */
export interface LedgerStore {
  /** Whether the books outlive the process. */
  readonly isDurable: boolean
  current(): Ledger
  /**
   * Applies the step and gives the books right after it, once they are kept.
   * Rejects with what the step throws, or with LedgerWriteError; the books are then as before.
   */
  change(step: LedgerStep): Promise<Ledger>
  /** Finishes the changes that were asked for. Further ones are rejected. */
  close(): void
}

/** The books could not be written, for example because the disk is full. */
export class LedgerWriteError extends Error {
  override readonly name = 'LedgerWriteError'
  readonly code = 'LEDGER_NOT_WRITABLE'

  constructor(cause: unknown) {
    super(`the books cannot be written: ${cause instanceof Error ? cause.message : cause}`, {
      cause
    })
  }
}
