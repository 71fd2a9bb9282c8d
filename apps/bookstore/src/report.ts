import type { StoreBooks } from '@bookstore/contract'
import { type Ledger, waiting } from './ledger/ledger.ts'
import type { LedgerStore } from './ledger/ledger-store.ts'
import type { RelayStatus } from './outbox/outbox-relay.ts'

/** The books as others see them, with how the store keeps them. */
export interface LedgerReport extends StoreBooks {
  readonly identity: string
  /** Sales are refused when the outbox holds this many books. */
  readonly outboxMax: number
  readonly isDurable: boolean
}

/** Gives the books as they are now; all numbers are of one moment. The same object until something changes. */
export function createReporter({
  identity,
  store,
  outboxMax,
  relayStatus
}: {
  readonly identity: string
  readonly store: LedgerStore
  readonly outboxMax: number
  readonly relayStatus: () => RelayStatus
}): () => LedgerReport {
  let last: { readonly ledger: Ledger; readonly status: RelayStatus; readonly report: LedgerReport } | undefined
  return () => {
    const ledger = store.current()
    const status = relayStatus()
    if (last?.ledger !== ledger || last.status !== status) {
      last = { ledger, status, report: reportOf(ledger, status) }
    }
    return last.report
  }

  function reportOf(ledger: Ledger, { problem, warehouseTotal }: RelayStatus): LedgerReport {
    return {
      instance: ledger.instance,
      identity,
      sold: ledger.sold,
      restocked: ledger.restocked,
      outbox: waiting(ledger),
      dropped: ledger.dropped,
      warehouseTotal: warehouseTotal ?? null,
      outboxMax,
      isDurable: store.isDurable,
      ...(problem === undefined ? {} : { problem })
    }
  }
}
