import { createHttpClient } from '@bookstore/common'
import { soldBy, tempDir } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { startNamed } from './shop.ts'

const CAPACITY = 8

interface Served {
  readonly status: number
  readonly retryAfter: unknown
  /**
   * Accepted requests that ended between the start and the end of this one: a latency that no busy machine can stretch.
   */
  readonly overtakenBy: number
}

/**
 * Keeps `clients` requests under way until `requests` were answered; refused ones come again at once, as the worst
 * clients do.
 */
async function overload(
  url: string,
  { clients, requests, body }: { clients: number; requests: number; body?: string }
): Promise<readonly Served[]> {
  const client = createHttpClient({ timeoutMs: 20_000, connections: clients })
  const served: Served[] = []
  let accepted = 0
  const work = async () => {
    while (served.length < requests) {
      const before = accepted
      const { status, headers } = await client.request({
        url,
        ...(body === undefined ? {} : { method: 'POST', body })
      })
      served.push({ status, retryAfter: headers['retry-after'], overtakenBy: accepted - before })
      if (status === 200) accepted++
    }
  }
  await Promise.all(Array.from({ length: clients }, work))
  await client.close()
  return served
}

/** Asks all probes again and again until `work` is done; gives every status that was not 200. */
async function probing(urls: readonly string[], work: Promise<unknown>): Promise<readonly number[]> {
  const bad: number[] = []
  let isDone = false
  const end = work.finally(() => {
    isDone = true
  })
  while (!isDone) {
    const statuses = await Promise.all(urls.map(async url => (await fetch(url)).status))
    bad.push(...statuses.filter(status => status !== 200))
  }
  await end
  return bad
}

const split = (served: readonly Served[]) => ({
  accepted: served.filter(({ status }) => status === 200),
  refused: served.filter(({ status }) => status !== 200)
})

test('a store at four times its capacity sheds with 503 and Retry-After, serves the rest as quickly as ever, and its probes stay well', async () => {
  await using store = await startNamed('bookstore', {
    // nobody listens there: the outbox keeps the restocks
    BOOKWAREHOUSE_URL: 'http://127.0.0.1:9',
    SALE_DELAY_MS: '20',
    MAX_CONCURRENT_REQUESTS: String(CAPACITY),
    SHUTDOWN_DEADLINE_MS: '500'
  })
  const url = `${store.url}/buy-a-book/new`
  const load = overload(url, { clients: 4 * CAPACITY, requests: 600 })
  const probes = ['/liveness', '/readiness', '/startup'].map(path => store.url + path)
  expect(await probing([...probes, store.metricsUrl], load)).toEqual([])
  const { accepted, refused } = split(await load)
  expect(new Set(refused.map(({ status, retryAfter }) => `${status} ${retryAfter}`))).toEqual(new Set(['503 1']))
  // Whoever is let in is overtaken by those who were in before; behind a queue it would be by all other clients. The
  // median, because on a busy machine a single request may wait long for its connection.
  const overtaken = accepted.map(({ overtakenBy }) => overtakenBy).sort((a, b) => a - b)
  expect(overtaken[Math.floor(overtaken.length / 2)]).toBeLessThanOrEqual(2 * CAPACITY)
  expect(await soldBy(store)).toBe(accepted.length)
})

test('a warehouse whose queue is full answers 503 with Retry-After, and has exactly what it acknowledged', async () => {
  await using dir = await tempDir('bookstore-overload-')
  await using warehouse = await startNamed('bookwarehouse', {
    DATABASE_URL: `sqlite:${dir.join('stock.db')}`,
    RESTOCK_MAX_WAITING: '2',
    RESTOCK_MAX_BATCH: '1',
    LOG_LEVEL: 'warn'
  })
  await expect.poll(async () => (await fetch(`${warehouse.url}/readiness`)).status).toBe(200)
  const load = overload(`${warehouse.url}/restock-books`, {
    clients: 32,
    requests: 600,
    body: '1'
  })
  const probes = ['/liveness', '/readiness', '/startup'].map(path => warehouse.url + path)
  expect(await probing(probes, load)).toEqual([])
  const { accepted, refused } = split(await load)
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.every(({ status, retryAfter }) => status === 503 && retryAfter === '1')).toBe(true)
  const raw = (await (await fetch(`${warehouse.url}/raw`)).json()) as { totalBooks: number }
  expect(raw.totalBooks).toBe(accepted.length)
})
