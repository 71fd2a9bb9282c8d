import type { HttpAnswer } from '@bookstore/common'
import { describe, expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'
import { describeProblem, readDelivery, readFailure } from './delivery.ts'
import { parseRetryAfter } from './retry-after.ts'

const NOW = Date.parse('2026-11-23T08:00:00Z')

const answer = (part: Partial<HttpAnswer>): HttpAnswer => ({
  status: 200,
  headers: {},
  body: '',
  elapsedMs: 1,
  connectionsSince: 0,
  ...part
})

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['Mon, 23 Nov 2026 08:00:30 GMT', 30_000],
    ['Monday, 23-Nov-26 08:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 07:00:00 GMT', 0]
  ])('%j is %d ms', (value, ms) => {
    expect(parseRetryAfter(value, NOW)).toBe(ms)
  })

  test.each([undefined, '', '-5', '1.5', 'soon', '99999999999', 'Mon, 99 Nov 2026'])('%j says nothing', value => {
    expect(parseRetryAfter(value, NOW)).toBeUndefined()
  })
})

describe('the pause after a failure', () => {
  test('doubles up to its cap', () => {
    const longest = [1, 2, 3, 6, 7, 1000].map(failures => backoffMs({ failures, random: 1, baseMs: 100, capMs: 5_000 }))
    expect(longest).toEqual([100, 200, 400, 3_200, 5_000, 5_000])
  })

  test('is anything from nothing to that, so that stores do not march in step', () => {
    expect(backoffMs({ failures: 3, random: 0 })).toBe(0)
    expect(backoffMs({ failures: 3, random: 0.5 })).toBe(200)
  })

  test('is never shorter than Retry-After asks, up to a minute', () => {
    expect(backoffMs({ failures: 1, random: 0, retryAfterMs: 3_000 })).toBe(3_000)
    expect(backoffMs({ failures: 1, random: 0, retryAfterMs: 3_600_000 })).toBe(60_000)
  })
})

describe('an answer of the warehouse', () => {
  test.each([200, 201, 204])('%d is delivered', status => {
    expect(readDelivery(answer({ status }), NOW).kind).toBe('delivered')
  })

  test.each([
    ['17', 17],
    ['9007199254740992', undefined],
    ['-1', undefined],
    ['many', undefined],
    [undefined, undefined]
  ])('tells the total by Bookwarehouse-Total: %j', (header, warehouseTotal) => {
    const headers = { 'bookwarehouse-total': header }
    expect(readDelivery(answer({ headers }), NOW)).toEqual({ kind: 'delivered', warehouseTotal })
  })

  test.each([408, 409, 425, 429, 500, 502, 503, 504])('%d is tried again soon', status => {
    expect(readDelivery(answer({ status }), NOW).kind).toBe('retry')
  })

  test('with Retry-After says when', () => {
    const busy = answer({ status: 503, headers: { 'retry-after': '2' } })
    expect(readDelivery(busy, NOW)).toMatchObject({ kind: 'retry', retryAfterMs: 2_000 })
  })

  test.each([301, 307, 401, 403, 404, 405, 407, 451])('%d is a denial: the books are kept', status => {
    const fromWarehouse = { identity: 'bookwarehouse' }
    expect(readDelivery(answer({ status, headers: fromWarehouse }), NOW).kind).toBe('denied')
  })

  test.each([400, 413, 414, 415, 422])('%d of the warehouse itself is for good', status => {
    const headers = { identity: 'bookwarehouse' }
    expect(readDelivery(answer({ status, headers }), NOW).kind).toBe('refused')
  })

  test.each([400, 413, 414, 415, 422])('%d of something on the way is not', status => {
    expect(readDelivery(answer({ status }), NOW).kind).toBe('denied')
  })

  test('gives its reason in words that fit a header and a log', () => {
    const rbac = readDelivery(answer({ status: 403, body: 'RBAC: access denied' }), NOW)
    expect(describeProblem(rbac)).toBe('denied on the way to the warehouse: 403 RBAC: access denied')
    const json = readDelivery(answer({ status: 500, body: '{"message":"no \\r\\nstock"}' }), NOW)
    expect(describeProblem(json)).toBe('not delivered: 500 no ??stock')
    const long = readDelivery(answer({ status: 502, body: '<'.repeat(9_999) }), NOW)
    expect(describeProblem(long)?.length).toBeLessThan(200)
  })

  test('that does not come is tried again', () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    expect(readFailure(reset)).toEqual({
      kind: 'retry',
      reason: expect.stringMatching(/^ECONNRESET: read ECONNRESET \(.*a mesh does not let us through\)$/)
    })
    const late = new DOMException('too late', 'TimeoutError')
    expect(readFailure(late).reason).toBe('TimeoutError: too late')
  })

  test('that is good leaves no problem', () => {
    expect(describeProblem({ kind: 'delivered', warehouseTotal: 1 })).toBeUndefined()
  })
})
