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
  relayStatus,
  faults
}: {
  readonly identity: string
  readonly store: LedgerStore
  readonly outboxMax: number
  readonly relayStatus: () => RelayStatus
  /** The faults in force, in words; '' where there are none. */
  readonly faults: () => string
}): () => LedgerReport {
  let last:
    | {
        readonly ledger: Ledger
        readonly status: RelayStatus
        readonly inForce: string
        readonly report: LedgerReport
      }
    | undefined
  return () => {
    const ledger = store.current()
    const status = relayStatus()
    const inForce = faults()
    if (last?.ledger !== ledger || last.status !== status || last.inForce !== inForce) {
      last = { ledger, status, inForce, report: reportOf(ledger, status, inForce) }
    }
    return last.report
  }

  function reportOf(ledger: Ledger, { problem, warehouseTotal }: RelayStatus, inForce: string): LedgerReport {
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
      ...(problem === undefined ? {} : { problem }),
      ...(inForce === '' ? {} : { faults: inForce })
    }
  }
}
