import { httpError } from '@bookstore/common'

const MAX_PURCHASES = 10_000
const MAX_CONCURRENCY = 64

/** How many books a burst buys, and over how many connections at once. */
export interface BurstSize {
  readonly purchases: number
  readonly concurrency: number
}

/** Decides a correct 50/50 in 99 of 100 tries. */
export const DEFAULT_BURST: BurstSize = { purchases: 5000, concurrency: 16 }

/** Reads a burst's size from JSON or a form. @throws an error answered as 400 that names the field */
export function readBurstSize(fields: Readonly<Record<string, unknown>>): BurstSize {
  const { purchases, concurrency } = { ...DEFAULT_BURST, ...fields }
  return {
    purchases: wholeNumber('purchases', purchases, MAX_PURCHASES),
    concurrency: wholeNumber('concurrency', concurrency, MAX_CONCURRENCY)
  }
}

function wholeNumber(name: string, value: unknown, max: number): number {
  const number = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= max) return number
  throw httpError(400, `${name}: expected a whole number from 1 to ${max}, got ${JSON.stringify(value)?.slice(0, 80)}`)
}
