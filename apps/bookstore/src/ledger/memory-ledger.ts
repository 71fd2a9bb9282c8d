import { randomUUID } from 'node:crypto'
import { createGroupCommitLedger } from './group-commit.ts'
import { emptyLedger } from './ledger.ts'
import type { LedgerStore } from './ledger-store.ts'

/** Books that end with the process. */
export function createMemoryLedger({ instance = randomUUID() as string } = {}): LedgerStore {
  return createGroupCommitLedger({
    initial: emptyLedger(instance),
    isDurable: false,
    write: () => undefined,
    close: () => undefined
  })
}
