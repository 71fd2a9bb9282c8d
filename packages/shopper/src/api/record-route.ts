import { httpError } from '@bookstore/common'
import type { ShoppingRecord } from '@bookstore/contract'
import type { FastifyInstance } from 'fastify'

/** Reads the record of a time, in ms since the epoch, both ends included. */
export type ReadRecord = (range: { readonly since: number; readonly until: number }) => Promise<ShoppingRecord>

const HOUR_MS = 3_600_000

/** `GET /api/record?since=TIME&until=TIME`: the last hour without them. Times are ISO 8601 or ms since the epoch. */
export function addRecord(app: FastifyInstance, read: ReadRecord | undefined): void {
  app.get('/api/record', async request => {
    if (read === undefined) throw httpError(404, 'no record is kept here: STATE_DIR is not set', 'NO_RECORD')
    const query = request.query as Record<string, unknown>
    const now = Date.now()
    const until = readTime(query, 'until', now)
    const since = readTime(query, 'since', until - HOUR_MS)
    if (since > until)
      throw httpError(400, `since: expected a time before until, got ${JSON.stringify(query['since'])}`)
    return read({ since, until })
  })
}

function readTime(query: Readonly<Record<string, unknown>>, name: string, fallback: number): number {
  const value = query[name]
  if (value === undefined) return fallback
  const at = typeof value !== 'string' || value.length > 40 ? Number.NaN : timeOf(value)
  if (Number.isFinite(at)) return at
  const got = JSON.stringify(value).slice(0, 80)
  throw httpError(400, `${name}: expected a time such as 2026-11-25T14:00:00Z or ms since the epoch, got ${got}`)
}

function timeOf(text: string): number {
  return /^\d{10,14}$/.test(text) ? Number(text) : Date.parse(text)
}
