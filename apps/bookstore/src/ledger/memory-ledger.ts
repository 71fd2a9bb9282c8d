import { randomUUID } from 'node:crypto'
import { emptyLedger } from './ledger.ts'
import type { LedgerStore } from './ledger-store.ts'

/** Books that end with the process. */
export function createMemoryLedger({ instance = randomUUID() as string } = {}): LedgerStore {
  let ledger = emptyLedger(instance)
  return {
    isDurable: false,
    current: () => ledger,
    async change(step) {
      ledger = step(ledger)
      return ledger
    },
    close: () => undefined
  }
}
