import { deepEqual, equal, ok } from 'node:assert/strict'
import { waitFor } from '@bookstore/testing'
import type { RestartableBookstore } from './restartable-bookstore.ts'
import type { Service } from './service.ts'

/** What a buyer says of itself, as far as these tests look (docs/api.md). */
export interface BuyerSnapshot {
  readonly headline: { readonly status: string; readonly title: string; readonly text: string }
  readonly counts: {
    readonly bought: number
    readonly denied: number
    readonly failed: number
    readonly byDenial: Readonly<Record<string, number>>
    readonly byFailure: Readonly<Record<string, number>>
  }
  readonly lastOutcome: { readonly kind: string; readonly text: string } | null
  readonly burst: {
    readonly running: boolean
    readonly done: number
    readonly total: number
  } | null
}

/** What a store says of its books. */
export interface StoreBooks {
  readonly sold: number
  readonly restocked: number
  readonly outbox: number
  readonly dropped: number
  readonly problem?: string
}

/** The books of a whole bookstore at rest. */
export interface Books {
  readonly attempts: number
  readonly bought: number
  /** Purchases that got no answer although the store may have had the request. */
  readonly lostAnswers: number
  readonly sold: number
  readonly restocked: number
  readonly outbox: number
  readonly dropped: number
  readonly total: number
}

async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`expected 200 from ${url}, got ${response.status}`)
  return (await response.json()) as T
}

export const readStore = (store: Pick<Service, 'url'>) => getJson<StoreBooks>(`${store.url}/api/ledger`)

export const readBuyer = (buyer: Pick<Service, 'url'>) => getJson<BuyerSnapshot>(`${buyer.url}/api/snapshot`)

export const readTotal = async (warehouse: Pick<Service, 'url'>) =>
  (await getJson<{ readonly totalBooks: number }>(`${warehouse.url}/raw`)).totalBooks

/** Waits until every outbox is empty, and reads all books. */
export async function settledBooks({ stores, warehouse, buyer }: RestartableBookstore): Promise<Books> {
  const ledgers = await waitFor(
    async () => {
      const now = await Promise.all(stores.map(readStore))
      if (now.some(({ outbox }) => outbox > 0)) throw new Error(JSON.stringify(now))
      return now
    },
    { timeoutMs: 40_000, intervalMs: 100, what: 'empty outboxes' }
  )
  const { counts } = await readBuyer(buyer)
  const sum = (field: 'sold' | 'restocked' | 'outbox' | 'dropped') =>
    ledgers.reduce((total, ledger) => total + ledger[field], 0)
  return {
    attempts: counts.bought + counts.denied + counts.failed,
    bought: counts.bought,
    lostAnswers: lostAnswers(counts),
    sold: sum('sold'),
    restocked: sum('restocked'),
    outbox: sum('outbox'),
    dropped: sum('dropped'),
    total: await readTotal(warehouse)
  }
}

// no store has seen these purchases, or it refused them before it sold
const NOT_SOLD = new Set(['connection refused', 'no connection in time', '503'])

function lostAnswers({ byDenial, byFailure }: BuyerSnapshot['counts']): number {
  const entries = [...Object.entries(byDenial), ...Object.entries(byFailure)]
  return entries.reduce((sum, [why, count]) => sum + (NOT_SOLD.has(why) ? 0 : count), 0)
}

/** Throws unless every book is accounted for: sold, restocked, in stock; and bought, but for answers that were lost. */
export function checkBooks(books: Books, { isBuyerNew = false } = {}): void {
  const { sold, restocked, outbox, dropped, total, bought, lostAnswers: lost } = books
  const text = JSON.stringify(books)
  deepEqual({ sold, dropped }, { sold: restocked + outbox, dropped: 0 }, `sold = restocked + outbox: ${text}`)
  equal(total, restocked, `what the warehouse has = what it acknowledged: ${text}`)
  ok(bought <= sold, `every book bought was sold: ${text}`)
  if (!isBuyerNew) ok(sold - bought <= lost, `sold but not bought = an answer was lost: ${text}`)
}

/** Throws when a process ended by itself, wrote an unexpected error, or let the secret out. */
export function checkProcesses(services: readonly Service[], secret: string): void {
  for (const service of services) {
    equal(service.accident(), undefined)
    for (const line of service.output()) {
      ok(
        !line.includes(secret) && !line.includes(encodeURIComponent(secret)),
        `${service.name} wrote a secret: ${line}`
      )
      ok(isRecord(line), `${service.name} wrote what is no log record: ${line}`)
    }
  }
}

// stack traces of crashes and warnings of Node itself are no records
function isRecord(line: string): boolean {
  return line.startsWith('{"level":"') && !line.startsWith('{"level":"fatal"')
}
