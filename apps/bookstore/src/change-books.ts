import { type Episodes, httpError } from '@bookstore/common'
import type { FastifyReply } from 'fastify'
import { type Ledger, type LedgerStep, OutboxFullError } from './ledger/ledger.ts'
import { type LedgerStore, LedgerWriteError } from './ledger/ledger-store.ts'
import type { BookstoreMetrics } from './metrics.ts'

/** The books, and who is told when they cannot be changed. */
interface Books {
  readonly store: LedgerStore
  readonly metrics: BookstoreMetrics
  readonly episodes: Episodes
}

/**
 * Changes the books for a request. Books that cannot be kept are an answer of 503 with Retry-After, never a sale that
 * gets lost.
 * @throws a 503 error when the outbox is full or cannot be written
 */
export async function changeBooks(
  { store, metrics, episodes }: Books,
  reply: FastifyReply,
  step: LedgerStep
): Promise<Ledger> {
  try {
    return await store.change(step)
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    const { reason, message, code } = refusal
    metrics.saleRefused(reason)
    episodes.note(reason, { message: 'sales are refused', level: 'error', fields: { reason: message } })
    reply.header('retry-after', '5')
    throw httpError(503, message, code)
  }
}

function refusalOf(error: unknown) {
  if (error instanceof OutboxFullError)
    return { reason: 'outbox_full', message: error.message, code: error.code } as const
  if (!(error instanceof LedgerWriteError)) return undefined
  return { reason: 'outbox_not_writable', message: error.message, code: error.code } as const
}
