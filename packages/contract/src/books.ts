import { boundedHeader, type Headers } from './headers.ts'

/** The books of one store as it tells them: `sold = restocked + outbox + dropped`. */
export interface StoreBooks {
  /** Id of the store that keeps them. */
  readonly instance: string
  readonly sold: number
  readonly restocked: number
  /** Sold, and still to be restocked. */
  readonly outbox: number
  /** Books that the warehouse refused for good. */
  readonly dropped: number
  /** Total of the warehouse over all stores, as it last said; null when it has not. */
  readonly warehouseTotal: number | null
  /** What kept the last restock from getting through; absent when nothing did. */
  readonly problem?: string
  /** How the store misbehaves on demand; absent while it does not. */
  readonly faults?: string
}

const INSTANCE = 'bookstore-instance'
const SOLD = 'bookstore-sold'
const RESTOCKED = 'bookstore-restocked'
const OUTBOX = 'bookstore-outbox'
const DROPPED = 'bookstore-dropped'
const PROBLEM = 'bookstore-restock-problem'
const FAULTS = 'bookstore-faults'
const WAREHOUSE_TOTAL = 'bookwarehouse-total'

/** The headers of a store's answers, by which a buyer can reconcile without any further right. */
export function booksHeaders(books: StoreBooks): Record<string, string> {
  const { warehouseTotal, problem, faults } = books
  return {
    [INSTANCE]: books.instance,
    [SOLD]: `${books.sold}`,
    [RESTOCKED]: `${books.restocked}`,
    [OUTBOX]: `${books.outbox}`,
    [DROPPED]: `${books.dropped}`,
    ...(warehouseTotal === null ? {} : warehouseTotalHeader(warehouseTotal)),
    ...(problem === undefined ? {} : { [PROBLEM]: problem }),
    ...(faults === undefined ? {} : { [FAULTS]: faults })
  }
}

/** What `booksHeaders` wrote; undefined without an instance. A number that cannot be read is 0. */
export function readBooksHeaders(headers: Headers): Omit<StoreBooks, 'problem'> | undefined {
  const instance = boundedHeader(headers[INSTANCE], { maxLength: 64 })
  if (instance === undefined) return undefined
  const faults = boundedHeader(headers[FAULTS])
  return {
    instance,
    sold: readCount(headers[SOLD]) ?? 0,
    restocked: readCount(headers[RESTOCKED]) ?? 0,
    outbox: readCount(headers[OUTBOX]) ?? 0,
    dropped: readCount(headers[DROPPED]) ?? 0,
    warehouseTotal: readWarehouseTotal(headers) ?? null,
    ...(faults !== undefined && { faults })
  }
}

/** The header by which the warehouse tells its total, and a store passes it on. */
export function warehouseTotalHeader(total: number): Record<string, string> {
  return { [WAREHOUSE_TOTAL]: `${total}` }
}

/** The total that `warehouseTotalHeader` wrote; undefined when there is none. */
export function readWarehouseTotal(headers: Headers): number | undefined {
  return readCount(headers[WAREHOUSE_TOTAL])
}

function readCount(value: Headers[string]): number | undefined {
  const count = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  return Number.isSafeInteger(count) ? count : undefined
}
