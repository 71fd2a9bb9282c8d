import { type Headers, type LedgerView, readBooksHeaders, readWarehouseTotal } from '@bookstore/contract'

const MAX_INSTANCES = 64

/**
 * What each store said of its books in the headers of its answers, so that the buyer can reconcile without any further
 * right.
 */
export interface StoreLedger {
  /** `isBought`: whether the answer sold a book. */
  record(headers: Headers, version: string, options?: { readonly isBought: boolean }): void
  read(): LedgerView
}

/** Keeps the newest word of up to 64 instances; the one heard of longest ago makes room. */
export function createStoreLedger(): StoreLedger {
  const stores = new Map<string, LedgerView['stores'][number]>()
  let warehouseTotal: number | null = null
  return {
    record(headers, version, { isBought } = { isBought: true }) {
      const total = readWarehouseTotal(headers)
      if (total !== undefined) warehouseTotal = Math.max(total, warehouseTotal ?? 0)
      const books = readBooksHeaders(headers)
      if (books === undefined) return
      const { instance, outbox } = books
      const known = stores.get(instance)
      stores.delete(instance)
      // answers of one store can overtake each other; its sums only grow, so the larger one is the newer
      stores.set(instance, {
        instance,
        version,
        sold: Math.max(books.sold, known?.sold ?? 0),
        restocked: Math.max(books.restocked, known?.restocked ?? 0),
        outbox,
        boughtHere: (known?.boughtHere ?? 0) + (isBought ? 1 : 0),
        faults: books.faults ?? ''
      })
      const oldest = stores.keys().next().value
      if (stores.size > MAX_INSTANCES && oldest !== undefined) stores.delete(oldest)
    },
    read: () => ({ stores: [...stores.values()], warehouseTotal })
  }
}
