import { httpError } from '@bookstore/common'

/**
 * The number of books in a request body: one JSON integer (RFC 8259), 0 or more and small enough to be exact.
 * @throws an HTTP error 400 that says what was expected and what came
 */
export function readAmount(body: unknown): number {
  if (typeof body !== 'string' || body.trim() === '') throw refusal('an empty body')
  const amount = /^[ \t\r\n]*(?:0|[1-9]\d*)[ \t\r\n]*$/.test(body) ? Number(body) : Number.NaN
  if (!Number.isSafeInteger(amount)) throw refusal(JSON.stringify(body.slice(0, 80)))
  return amount
}

function refusal(got: string): Error {
  return httpError(
    400,
    `expected the number of books as a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, got ${got}`,
    'AMOUNT_INVALID'
  )
}
