import type { Mariadb } from '@bookstore/testing'
import { type Books, checkBooks, checkProcesses, settledBooks } from './books.ts'
import { CONCURRENCY, keepBuying, type Load } from './load.ts'
import {
  type RestartableBookstore,
  type RestartableBookstoreOptions,
  startRestartableBookstore
} from './restartable-bookstore.ts'

/** What all scenarios share. */
export interface Stage {
  readonly mariadb: Mariadb
  /** URL of a database that nobody has used. */
  freshDatabaseUrl(): string
}

/** One line of the table. */
export interface Result {
  readonly load: string
  readonly sold: number
  readonly restocked: number
  /** Sold that is neither in stock nor in an outbox. */
  readonly difference: number
  /** Where the fault could be seen, in the words of the services. */
  readonly said: readonly string[]
}

/** One fault. `run` throws when the bookstore does not bear it. */
export interface Scenario {
  readonly name: string
  run(stage: Stage): Promise<Result>
}

/** The fault itself; gives what the services said of it. */
export type Fault = (bookstore: RestartableBookstore, load: Load) => Promise<readonly string[]>

// enough that connections are warm, and that a lasting harm shows
const BEFORE = 300
const AFTER = 300

/** Breaks something while the buyer buys, and checks afterwards that buying goes on and that the books balance. */
export async function underLoad(
  { mariadb, ...stage }: Stage,
  options: Partial<RestartableBookstoreOptions>,
  fault: Fault
): Promise<Result> {
  await using bookstore = await startRestartableBookstore({
    databaseUrl: stage.freshDatabaseUrl(),
    ...options
  })
  const load = keepBuying(bookstore.buyer)
  await load.moreBought(BEFORE)
  const said = await fault(bookstore, load)
  await load.moreBought(AFTER)
  await load.stop()
  const books = await settledBooks(bookstore)
  checkBooks(books)
  checkProcesses(bookstore.all, mariadb.password)
  return resultOf(books, said)
}

/** The line of the table that the books make. */
export function resultOf(books: Books, said: readonly string[]): Result {
  const { attempts, lostAnswers, sold, restocked, outbox, total } = books
  const lost = lostAnswers === 0 ? '' : `, ${lostAnswers} without an answer`
  return {
    load: `${attempts} purchases, ${CONCURRENCY} at a time${lost}`,
    sold,
    restocked,
    difference: sold - outbox - total,
    said
  }
}
