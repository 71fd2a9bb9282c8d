import type { PromiseResult, PromiseStatus } from '@bookstore/contract'

/** What `bookstore prove` found, for all of its outputs. */
export interface ProveReport {
  readonly url: string
  /** Who was asked, and whose policies declare. */
  readonly judged: string
  /** ISO 8601. */
  readonly at: string
  readonly seconds: number
  readonly results: readonly PromiseResult[]
  /** What could not be put back, or told; a line each. */
  readonly problems: readonly string[]
  /** What the proof itself did to the shop, for who reads its page; '' where it did nothing. */
  readonly note: string
}

/** Words of a status. */
export const PROMISE_WORDS: Readonly<Record<PromiseStatus, string>> = {
  pass: 'kept',
  fail: 'not kept',
  pending: 'not known yet',
  'not-declared': 'not declared',
  'not-visible': 'cannot be seen from here'
}

/** What stands below the results: that the proof disturbed the split, and what was done about it. */
export const WINDOW_NOTE = 'The proof disturbed what the split is judged by: the buyer has begun a new window.'

/** The facts of a result that are there, in the order in which a person asks for them. */
export function rowsOf({
  declaredBy,
  seen,
  reason,
  todo
}: PromiseResult): readonly (readonly [name: string, text: string])[] {
  const rows = [
    ['declared by', declaredBy],
    ['seen', seen],
    ['why', reason],
    ['what to do', todo]
  ] as const
  return rows.filter(([, text]) => text !== '')
}
