import type { HttpAnswer } from '@bookstore/common'
import { boundedHeader, identityOf, readWarehouseTotal } from '@bookstore/contract'
import { parseRetryAfter } from './retry-after.ts'

/** What became of one attempt to restock. */
export type Delivery =
  | { readonly kind: 'delivered'; readonly warehouseTotal: number | undefined }
  /** It may work soon: the warehouse is busy, away, or the answer got lost. */
  | Postponed<'retry'>
  /** Something between us and the warehouse does not let us through; a person can mend that. */
  | Postponed<'denied'>
  /** The warehouse will never take this batch. */
  | { readonly kind: 'refused'; readonly reason: string }

/** The books are kept and sent again. */
export interface Postponed<Kind extends 'retry' | 'denied'> {
  readonly kind: Kind
  readonly reason: string
  readonly retryAfterMs?: number | undefined
}

const RETRY = new Set([408, 409, 425, 429])
const REFUSED = new Set([400, 413, 414, 415, 422])

/**
 * Reads an answer to a restock; `now` is in ms since the epoch. A mesh denies with 401, 403, 404 and others, and
 * policies get mended, so those books are kept. A batch is refused for good only by the warehouse itself, which names
 * itself by `Identity`: a proxy that answers 400 while mTLS is being set up must not cost a book.
 */
export function readDelivery({ status, headers, body }: HttpAnswer, now: number): Delivery {
  if (status >= 200 && status < 300) {
    return { kind: 'delivered', warehouseTotal: readWarehouseTotal(headers) }
  }
  const reason = `${status} ${boundedHeader(messageOf(body), { maxLength: 160 }) ?? ''}`.trim()
  const isFromWarehouse = identityOf(headers) !== undefined
  if (REFUSED.has(status) && isFromWarehouse) return { kind: 'refused', reason }
  const retryAfterMs = parseRetryAfter(boundedHeader(headers['retry-after']), now)
  const kind = status >= 500 || RETRY.has(status) ? 'retry' : 'denied'
  return { kind, reason, retryAfterMs }
}

/** What an attempt without an answer means: the batch may have arrived, so it is sent again under its key. */
export function readFailure(error: unknown): Postponed<'retry'> {
  const { code, name, message } = error as NodeJS.ErrnoException
  // a DOMException (the deadline) has a number as code
  const what = typeof code === 'string' ? code : name
  const text = boundedHeader(`${what}: ${message}`, { maxLength: 100 }) ?? what
  return { kind: 'retry', reason: CUT_OFF.has(what) ? `${text} (${CUT_OFF_HINT})` : text }
}

// how a mesh without a policy denies: the connection ends without an answer
const CUT_OFF = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])
const CUT_OFF_HINT = 'no answer: the warehouse broke off, or a mesh does not let us through'

/** What is wrong, in words for a person; undefined when nothing is. */
export function describeProblem(delivery: Delivery): string | undefined {
  if (delivery.kind === 'delivered') return undefined
  return `${PROBLEMS[delivery.kind]}: ${delivery.reason}`
}

const PROBLEMS = {
  retry: 'not delivered',
  denied: 'denied on the way to the warehouse',
  refused: 'refused by the warehouse for good'
}

function messageOf(body: string): string {
  try {
    const { message } = JSON.parse(body) as { message?: unknown }
    return typeof message === 'string' ? message : body
  } catch {
    // not JSON: a proxy answers with plain text
    return body
  }
}
