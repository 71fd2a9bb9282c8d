import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openSlowly, rawExchange } from './raw-exchange.ts'
import { startNamed } from './shop.ts'

const EVENTS = 'GET /api/events?view=page HTTP/1.1\r\nHost: localhost\r\n\r\n'

// what slow watchers cost in memory shows in minutes, so the soak has fifty of them (docs/reliability.md)
test('fifty watchers that never read neither slow the page nor keep the buyer from ending, and there is an end to their number', async () => {
  await using buyer = await startNamed('bookbuyer', {
    BOOKSTORE_URL: 'http://127.0.0.1:9',
    CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.05'
  })
  const leave = new AbortController()
  const open = (count: number) =>
    Promise.all(Array.from({ length: count }, () => openSlowly(buyer.port, EVENTS, { leave: leave.signal })))
  await open(50)
  const page = await fetch(`${buyer.url}/`)
  expect(page.status).toBe(200)
  await open(450)
  const refused = await untilRefused(buyer.port)
  expect(refused).toMatch(/^HTTP\/1\.1 503 /)
  expect(refused).toMatch(/^retry-after: 5\r$/im)
  expect((await fetch(`${buyer.url}/liveness`)).status).toBe(200)
  expect(await buyer.stop()).toEqual({ code: 0, signal: null })
  leave.abort()
})

// the bytes of the 500 are on their way, but the server may not have read all of them yet
async function untilRefused(port: number): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const { text } = await rawExchange(port, [EVENTS], { isHalfClosed: false, enough: 1 })
    if (!text.startsWith('HTTP/1.1 200')) return text
    await sleep(20)
  }
  return 'never'
}
