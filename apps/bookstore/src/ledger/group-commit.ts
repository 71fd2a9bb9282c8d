import type { Ledger, LedgerStep } from './ledger.ts'
import { type LedgerStore, LedgerWriteError } from './ledger-store.ts'

interface Change {
  readonly step: LedgerStep
  resolve(ledger: Ledger): void
  reject(error: unknown): void
}

export interface GroupCommitOptions {
  readonly initial: Ledger
  readonly isDurable: boolean
  /** Keeps the books for good, or throws and has kept nothing. */
  readonly write: (ledger: Ledger) => void
  readonly close: () => void
}

/**
 * A ledger store that changes once for all that is asked for in the same turn of the event loop. So 64 sales at a time
 * cost one flush of the disk and not 64, and what is made of a state of the books is made once for them.
 */
export function createGroupCommitLedger(options: GroupCommitOptions): LedgerStore {
  let kept = options.initial
  let queue: Change[] = []
  let isClosed = false

  const commit = () => {
    const changes = queue
    queue = []
    const { ledger, settle } = applyAll(kept, changes)
    try {
      if (ledger !== kept) options.write(ledger)
    } catch (error) {
      for (const change of changes) change.reject(new LedgerWriteError(error))
      return
    }
    kept = ledger
    for (const report of settle) report()
  }
  return {
    isDurable: options.isDurable,
    current: () => kept,
    change: step =>
      new Promise((resolve, reject) => {
        if (isClosed) throw new LedgerWriteError('they are closed')
        queue.push({ step, resolve, reject })
        if (queue.length === 1) setImmediate(commit)
      }),
    close() {
      isClosed = true
      commit()
      options.close()
    }
  }
}

function applyAll(start: Ledger, changes: readonly Change[]) {
  let ledger = start
  const settle = changes.map(({ step, resolve, reject }) => {
    try {
      const after = step(ledger)
      ledger = after
      return () => resolve(after)
    } catch (error) {
      return () => reject(error)
    }
  })
  return { ledger, settle }
}
