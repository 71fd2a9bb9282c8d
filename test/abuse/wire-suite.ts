import { soldBy } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { abuse } from './abuse.ts'
import { openSlowly, rawExchange } from './raw-exchange.ts'
import { APP_NAMES, type Shop } from './shop.ts'

// the long form is `npm run test:abuse`
const CONNECTIONS = 150
const SEED = 20_261_123

/** Generated connections. They start bursts and reset counters, so they come after what counts books. */
export function testGenerated(shop: () => Shop): void {
  describe('generated connections', () => {
    test.each(APP_NAMES)('cost the %s no 5xx, no error record and no hanging', async name => {
      const report = await abuse(shop()[name], { connections: CONNECTIONS, seed: SEED })
      expect(report.faults).toEqual([])
      // the generator reaches both what is understood and what is refused
      expect(report.answers).toMatchObject({ 200: expect.any(Number), 400: expect.any(Number) })
    })
  })
}

/** Requests within requests, and requests that never end. */
export function testFraming(shop: () => Shop): void {
  describe('request smuggling', () => {
    const sale = 'GET /buy-a-book/new HTTP/1.1\r\nHost: localhost\r\n\r\n'
    const length = sale.length
    const post = (...headers: string[]) =>
      `POST /books-bought HTTP/1.1\r\nHost: localhost\r\n${headers.join('\r\n')}\r\n\r\n`

    test.each([
      [
        'Content-Length and Transfer-Encoding',
        post('Content-Length: 5', 'Transfer-Encoding: chunked'),
        `0\r\n\r\n${sale}`
      ],
      [
        'Transfer-Encoding and Content-Length',
        post('Transfer-Encoding: chunked', `Content-Length: ${length + 5}`),
        `0\r\n\r\n${sale}`
      ],
      ['two different Content-Length', post('Content-Length: 0', `Content-Length: ${length}`), sale],
      ['a folded Transfer-Encoding', post('Content-Length: 0', 'Transfer-Encoding:', ' chunked'), sale],
      ['a space before the colon', post('Transfer-Encoding : chunked', 'Content-Length: 0'), sale],
      ['an unknown Transfer-Encoding', post('Transfer-Encoding: xchunked'), `0\r\n\r\n${sale}`],
      ['a signed Content-Length', post('Content-Length: +0'), sale],
      ['a vertical tab before chunked', post('Transfer-Encoding: \u000bchunked', 'Content-Length: 0'), sale],
      ['a bare LF in the head', post('Content-Length: 0\nX: y'), sale],
      ['a chunk size with garbage', post('Transfer-Encoding: chunked'), `0x0\r\n\r\n${sale}`]
    ])('by %s is a 400 that closes the connection, and nothing is sold', async (_shape, head, rest) => {
      const sold = await soldBy(shop().bookstore)
      const { statuses, end } = await rawExchange(shop().bookstore.port, [head + rest])
      expect({ statuses, end }).toEqual({ statuses: [400], end: 'closed' })
      expect(await soldBy(shop().bookstore)).toBe(sold)
    })

    test('is not what honest pipelining is: both requests are answered', async () => {
      const sold = await soldBy(shop().bookstore)
      const both = `${post('Content-Length: 1')}7${sale}`
      const { statuses } = await rawExchange(shop().bookstore.port, [both], { enough: 2 })
      expect(statuses).toEqual([200, 200])
      expect(await soldBy(shop().bookstore)).toBe(sold + 1)
    })
  })

  test('two hundred slow bodies do not keep others from being served', async () => {
    const head = 'POST /books-bought HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n1'
    const left = new AbortController()
    const slow = Array.from({ length: 200 }, () => openSlowly(shop().bookstore.port, head, { leave: left.signal }))
    await Promise.all(slow)
    const answers = await Promise.all(
      ['/', '/raw', '/readiness', '/buy-a-book/new'].map(path => fetch(shop().bookstore.url + path))
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    left.abort()
  })
}
