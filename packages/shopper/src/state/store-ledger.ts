import { boundedHeader } from '@bookstore/common'
import type { LedgerView } from '../snapshot.ts'

const MAX_INSTANCES = 64

/** What each store said of its books in the headers of its answers, so that the buyer can reconcile without any further right. */
export interface StoreLedger {
  record(headers: Readonly<Record<string, string | string[] | undefined>>, version: string): void
  read(): LedgerView
}

/** Keeps the newest word of up to 64 instances; the one heard of longest ago makes room. */
export function createStoreLedger(): StoreLedger {
  const stores = new Map<string, LedgerView['stores'][number]>()
  let warehouseTotal: number | null = null
  return {
    record(headers, version) {
      const total = count(headers['bookwarehouse-total'])
      if (total !== undefined) warehouseTotal = Math.max(total, warehouseTotal ?? 0)
      const instance = boundedHeader(headers['bookstore-instance'], { maxLength: 64 })
      if (instance === undefined) return
      const known = stores.get(instance)
      stores.delete(instance)
      // answers of one store can overtake each other; its sums only grow, so the larger one is the newer
      stores.set(instance, {
        instance,
        version,
        sold: Math.max(count(headers['bookstore-sold']) ?? 0, known?.sold ?? 0),
        restocked: Math.max(count(headers['bookstore-restocked']) ?? 0, known?.restocked ?? 0),
        outbox: count(headers['bookstore-outbox']) ?? 0,
        boughtHere: (known?.boughtHere ?? 0) + 1
      })
      const oldest = stores.keys().next().value
      if (stores.size > MAX_INSTANCES && oldest !== undefined) stores.delete(oldest)
    },
    read: () => ({ stores: [...stores.values()], warehouseTotal })
  }
}

function count(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}
