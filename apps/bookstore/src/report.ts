import { waiting } from './ledger/ledger.ts'
import type { LedgerStore } from './ledger/ledger-store.ts'
import type { CourierStatus } from './outbox/courier.ts'

/** The books as others see them: `sold = restocked + outbox + dropped`. */
export interface LedgerReport {
  readonly instance: string
  readonly identity: string
  readonly sold: number
  readonly restocked: number
  readonly outbox: number
  readonly dropped: number
  /** Total of the warehouse over all stores, as it last said; null when it has not. */
  readonly warehouseTotal: number | null
  /** Sales are refused when the outbox holds this many books. */
  readonly outboxMax: number
  readonly isDurable: boolean
  /** What kept the last restock from getting through; absent when nothing did. */
  readonly problem?: string
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

/** Headers by which a buyer can reconcile the books without further access rights. */
export function ledgerHeaders(report: LedgerReport): Record<string, string> {
  const { warehouseTotal, problem } = report
  return {
    'bookstore-instance': report.instance,
    'bookstore-sold': `${report.sold}`,
    'bookstore-restocked': `${report.restocked}`,
    'bookstore-outbox': `${report.outbox}`,
    'bookstore-dropped': `${report.dropped}`,
    ...(warehouseTotal === null ? {} : { 'bookwarehouse-total': `${warehouseTotal}` }),
    ...(problem === undefined ? {} : { 'bookstore-restock-problem': problem })
  }
}
