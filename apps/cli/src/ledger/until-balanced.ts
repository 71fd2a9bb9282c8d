import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '../api/api-client.ts'
import { type Reconciliation, reconcileBooks } from './books.ts'
import { type BookKeepers, readBooks } from './read-books.ts'

/** Reads the books until they balance or the time is up; then what was found at the quietest moment. */
export async function untilBalanced(
  api: ApiClient,
  keepers: BookKeepers,
  { waitMs, signal }: { readonly waitMs: number; readonly signal: AbortSignal }
): Promise<Reconciliation> {
  const deadline = performance.now() + waitMs
  let best: Reconciliation | undefined
  for (;;) {
    const books = await readBooks(api, keepers)
    const found = reconcileBooks(books)
    // sums of one moment say more than those of a busy one
    if (books.isQuiet || best === undefined) best = found
    if (found.isBalanced || performance.now() >= deadline) return found.isBalanced ? found : best
    await sleep(100, undefined, { signal })
  }
}
