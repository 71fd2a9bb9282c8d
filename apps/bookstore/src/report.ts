import type { StoreBooks } from '@bookstore/contract'
import { waiting } from './ledger/ledger.ts'
import type { LedgerStore } from './ledger/ledger-store.ts'
import type { CourierStatus } from './outbox/courier.ts'

/** The books as others see them, with how the store keeps them. */
export interface LedgerReport extends StoreBooks {
  readonly identity: string
  /** Sales are refused when the outbox holds this many books. */
  readonly outboxMax: number
  readonly isDurable: boolean
}

/** Gives the books as they are now; all numbers are of one moment. */
export function createReporter({
  identity,
  store,
  outboxMax,
  courierStatus
}: {
  readonly identity: string
  readonly store: LedgerStore
  readonly outboxMax: number
  readonly courierStatus: () => CourierStatus
}): () => LedgerReport {
  return () => {
    const ledger = store.current()
    const { problem, warehouseTotal = null } = courierStatus()
    return {
      instance: ledger.instance,
      identity,
      sold: ledger.sold,
      restocked: ledger.restocked,
      outbox: waiting(ledger),
      dropped: ledger.dropped,
      warehouseTotal,
      outboxMax,
      isDurable: store.isDurable,
      ...(problem === undefined ? {} : { problem })
    }
  }
}
