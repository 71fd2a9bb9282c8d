import { httpError } from '@bookstore/common'
import type { FastifyReply } from 'fastify'
import { type Ledger, type LedgerStep, OutboxFullError } from './ledger/ledger.ts'
import { type LedgerStore, LedgerWriteError } from './ledger/ledger-store.ts'
import type { BookstoreMetrics } from './metrics.ts'

/**
 * Changes the books for a request. Books that cannot be kept are an answer of 503 with Retry-After, never a sale that
 * gets lost.
 * @throws a 503 error when the outbox is full or cannot be written
 */
export async function changeBooks(
  { store, metrics }: { readonly store: LedgerStore; readonly metrics: BookstoreMetrics },
  reply: FastifyReply,
  step: LedgerStep
): Promise<Ledger> {
  try {
    return await store.change(step)
  } catch (error) {
    if (error instanceof OutboxFullError) metrics.saleRefused('outbox_full')
    else if (error instanceof LedgerWriteError) metrics.saleRefused('outbox_not_writable')
    else throw error
    reply.header('retry-after', '5')
    throw httpError(503, error.message, error.code)
  }
}
