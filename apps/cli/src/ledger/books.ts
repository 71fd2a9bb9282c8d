/** What one store says of its books. */
export interface StoreBooks {
  readonly instance: string
  readonly identity: string
  readonly sold: number
  /** Acknowledged by the warehouse. */
  readonly restocked: number
  readonly outbox: number
  /** Refused by the warehouse for good. */
  readonly dropped: number
  /** What kept the last restock from getting through. */
  readonly problem?: string
}

/** What one shopper bought, by the instance that sold it. */
export interface ShopperBooks {
  readonly app: string
  readonly boughtFrom: Readonly<Record<string, number>>
}

/** The books of everybody, as of one moment if `isQuiet`. */
export interface Books {
  readonly shoppers: readonly ShopperBooks[]
  readonly stores: readonly StoreBooks[]
  readonly warehouseTotal: number
  /** Whether nothing changed while the books were read. */
  readonly isQuiet: boolean
  /** Books bought and sold between the first and the last reading. */
  readonly moved: number
}

/** The sums, and everything that keeps them from being equal. */
export interface Reconciliation {
  readonly isBalanced: boolean
  /** The shop never rested, and what differs is no more than what can have been in flight: neither yes nor no. */
  readonly isUndecided: boolean
  readonly bought: number
  readonly sold: number
  readonly restocked: number
  readonly outbox: number
  readonly warehouseTotal: number
  /** A line for each difference: how much, and what can have caused it. Empty when balanced. */
  readonly differences: readonly string[]
}

const IN_FLIGHT = 'books were bought each time this was read, so sums may differ by those in flight'

/** Compares what was bought, sold, acknowledged and put in stock. */
export function reconcileBooks({ shoppers, stores, warehouseTotal, isQuiet, moved }: Books): Reconciliation {
  const sold = sum(stores.map(store => store.sold))
  const restocked = sum(stores.map(store => store.restocked))
  const outbox = sum(stores.map(store => store.outbox))
  const bought = sum(stores.map(({ instance }) => boughtFrom(shoppers, instance)))
  const found = [
    ...stores.flatMap(store => salesDifference(store, boughtFrom(shoppers, store.instance))),
    ...stores.flatMap(waiting),
    ...stores.flatMap(dropped),
    ...stockDifference(restocked, warehouseTotal, elsewhere(shoppers, stores)),
    ...(isQuiet ? [] : [IN_FLIGHT])
  ]
  const isBalanced = found.length === 0
  const gaps = [
    ...stores.map(store => store.sold - boughtFrom(shoppers, store.instance)),
    warehouseTotal - restocked,
    ...stores.map(store => (store.dropped > 0 ? Number.POSITIVE_INFINITY : 0))
  ]
  const isUndecided = !isQuiet && gaps.every(gap => Math.abs(gap) <= moved + MOST_AT_ONCE)
  // what books in flight explain has no other reason that is worth a fright
  const differences = isUndecided ? [IN_FLIGHT] : found
  return { isBalanced, isUndecided, bought, sold, restocked, outbox, warehouseTotal, differences }
}

// purchases of a burst that can be on their way at the same time
const MOST_AT_ONCE = 64

function salesDifference({ identity, instance, sold }: StoreBooks, bought: number): string[] {
  const difference = sold - bought
  if (difference === 0) return []
  return difference > 0
    ? [
        `${identity} sold ${difference} more than was bought here: another client bought them, a mesh sent purchases twice (retries), answers were lost after the sale, or a shopper was restarted`
      ]
    : [
        `${identity} sold ${-difference} fewer than were bought from it: its books were set back, or another server calls itself ${instance}`
      ]
}

function waiting({ identity, outbox, problem }: StoreBooks): string[] {
  if (outbox === 0) return []
  return [`${identity} has ${outbox} still in its outbox${problem ? `: ${problem}` : ''}`]
}

function dropped({ identity, dropped: count }: StoreBooks): string[] {
  return count === 0 ? [] : [`the warehouse refused ${count} of ${identity} for good`]
}

function stockDifference(restocked: number, total: number, unasked: number): string[] {
  const difference = total - restocked
  if (difference === 0) return []
  if (difference < 0) {
    return [
      `the warehouse has ${-difference} fewer than it acknowledged: its database was emptied or changed by somebody`
    ]
  }
  const others = unasked > 0 ? ` (${unasked} were bought from stores that are not asked here or were restarted)` : ''
  return [
    `the warehouse has ${difference} more than these stores know of: its database is older than they are, other stores restock there, or acknowledgements were lost on the way${others}`
  ]
}

function elsewhere(shoppers: readonly ShopperBooks[], stores: readonly StoreBooks[]): number {
  const asked = new Set(stores.map(({ instance }) => instance))
  const entries = shoppers.flatMap(shopper => Object.entries(shopper.boughtFrom))
  return sum(entries.filter(([instance]) => !asked.has(instance)).map(([, count]) => count))
}

function boughtFrom(shoppers: readonly ShopperBooks[], instance: string): number {
  return sum(shoppers.map(shopper => shopper.boughtFrom[instance] ?? 0))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
