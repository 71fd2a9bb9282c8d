import { isDeepStrictEqual } from 'node:util'
import type { ApiClient } from '../api/api-client.ts'
import { CommandError } from '../command.ts'
import type { Books, ShopperBooks, StoreBooks } from './books.ts'

/** Addresses of everybody who keeps books. */
export interface BookKeepers {
  readonly shoppers: readonly string[]
  readonly stores: readonly string[]
  readonly warehouse: string
}

/**
 * Reads everybody's books. Shoppers and stores are read before and after the rest: when they say the same twice,
 * no purchase ended in between, and all the sums are of one moment.
 */
export async function readBooks(api: ApiClient, { shoppers, stores, warehouse }: BookKeepers): Promise<Books> {
  const readShoppers = () => Promise.all(shoppers.map(url => readShopper(api, url)))
  const readStores = () => Promise.all(stores.map(url => readStore(api, url)))
  const shoppersBefore = await readShoppers()
  const storesBefore = await readStores()
  const warehouseTotal = numberIn(await api.json(`${warehouse}/raw`), 'totalBooks', warehouse)
  const storesAfter = await readStores()
  const shoppersAfter = await readShoppers()
  return {
    shoppers: shoppersAfter,
    stores: storesAfter,
    warehouseTotal,
    isQuiet: isDeepStrictEqual([shoppersBefore, storesBefore], [shoppersAfter, storesAfter]),
    moved: booksIn(shoppersAfter, storesAfter) - booksIn(shoppersBefore, storesBefore)
  }
}

function booksIn(shoppers: readonly ShopperBooks[], stores: readonly StoreBooks[]): number {
  const counts = [...shoppers.flatMap(({ boughtFrom }) => Object.values(boughtFrom)), ...stores.map(({ sold }) => sold)]
  return counts.reduce((total, count) => total + count, 0)
}

async function readShopper(api: ApiClient, url: string): Promise<ShopperBooks> {
  const { app, ledger } = await api.snapshot(url)
  const entries = ledger.stores.map(({ instance, boughtHere }) => [instance, boughtHere] as const)
  return { app, boughtFrom: Object.fromEntries(entries) }
}

async function readStore(api: ApiClient, url: string): Promise<StoreBooks> {
  const answer = await api.json(`${url}/api/ledger`)
  const { instance, identity, problem } = answer
  const number = (name: string) => numberIn(answer, name, url)
  return {
    instance: String(instance),
    identity: String(identity),
    sold: number('sold'),
    restocked: number('restocked'),
    outbox: number('outbox'),
    dropped: number('dropped'),
    ...(typeof problem === 'string' && { problem })
  }
}

function numberIn(answer: Readonly<Record<string, unknown>>, name: string, url: string): number {
  const value = answer[name]
  if (typeof value === 'number') return value
  throw new CommandError(`${url}: expected a number in "${name}", got ${JSON.stringify(value)}`)
}
