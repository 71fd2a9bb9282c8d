import type { ShopperRole } from '@bookstore/contract'

/** The words that differ between the buyer's page and the thief's. */
export interface RoleLabels {
  readonly title: string
  readonly purpose: string
  /** What a successful purchase is called. */
  readonly bought: string
  /** Beginning of the ids of the counts, as in /raw. */
  readonly countId: string
  readonly whoSold: string
  readonly burst: string
}

const WORDS: Readonly<Record<ShopperRole, RoleLabels>> = {
  bookbuyer: {
    title: 'Bookbuyer',
    purpose: 'buys books and checks who sells them',
    bought: 'bought',
    countId: 'booksBought',
    whoSold: 'Who sold the books',
    burst: 'Buy in a burst'
  },
  bookthief: {
    title: 'Book Thief',
    purpose: 'tries to get books it has no right to',
    bought: 'stolen',
    countId: 'booksStolen',
    whoSold: 'Whom it stole from',
    burst: 'Try in a burst'
  }
}

/** The words of a role. */
export function labelsOf(role: ShopperRole): RoleLabels {
  return WORDS[role]
}
