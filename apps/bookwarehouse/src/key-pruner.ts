import type { Logger } from '@bookstore/common'
import type { Stock } from './stock/stock.ts'

export interface KeyPrunerOptions {
  readonly stock: Pick<Stock, 'pruneKeys'>
  readonly logger: Logger
  readonly now?: () => number
  readonly keepMs?: number
  /** Keys that stay whatever their age: a clock that jumps ahead must not make the latest restocks count twice. */
  readonly keepNewest?: number
  readonly limit?: number
}

const DAY_MS = 24 * 60 * 60 * 1000

/** Forgets keys older than a day in small transactions, between which restocks go on. Gives how many went. */
export async function pruneKeys({
  stock,
  logger,
  now = Date.now,
  keepMs = DAY_MS,
  keepNewest = 10_000,
  limit = 500
}: KeyPrunerOptions): Promise<number> {
  let pruned = 0
  for (;;) {
    const count = await stock.pruneKeys({ before: now() - keepMs, keepNewest, limit })
    pruned += count
    if (count < limit) break
  }
  if (pruned > 0) logger.info({ pruned }, 'old idempotency keys forgotten')
  return pruned
}
