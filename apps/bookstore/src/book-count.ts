import { httpError } from '@bookstore/common'

/**
 * The number of books in a request body: a JSON integer from 0 to 2^53 - 1, written with digits only as Go's decoder
 * wants it.
 * @throws a 400 error that says what came instead
 */
export function parseBookCount(body: unknown): number {
  const text = typeof body === 'string' ? body.trim() : ''
  const count = /^(0|[1-9]\d*)$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(count)) return count
  const got = text === '' ? 'an empty body' : text.slice(0, 80)
  throw httpError(
    400,
    `expected a JSON integer from 0 to ${Number.MAX_SAFE_INTEGER} as the body, got ${got}`,
    'INVALID_BOOK_COUNT'
  )
}
