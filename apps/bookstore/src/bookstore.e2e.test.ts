import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { startApp, tempDir } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { startFakeWarehouse } from '../test/fake-warehouse.ts'
import { buyUnderLoad } from '../test/load.ts'
import type { LedgerReport } from './report.ts'

const main = 'apps/bookstore/src/main.ts'

const startStore = (env: Record<string, string>, args: readonly string[] = []) =>
  startApp({ main, env: { IDENTITY: 'bookstore-v1', ...env }, args })

async function ledgerOf(url: string): Promise<LedgerReport> {
  const answer = await fetch(`${url}/api/ledger`)
  return (await answer.json()) as LedgerReport
}

describe('kill -9 under load', () => {
  test('with OUTBOX_DIR the books balance exactly after the restart', async () => {
    await using dir = await tempDir()
    await using warehouse = await startFakeWarehouse()
    const env = { OUTBOX_DIR: dir.join('outbox'), BOOKWAREHOUSE_URL: warehouse.url }
    let bought = 0
    let asked = 0
    let instance: string | undefined
    for (let round = 1; round <= 3; round++) {
      await using store = await startStore(env)
      instance ??= (await ledgerOf(store.url)).instance
      warehouse.next('cut after adding', { status: 503 })
      const load = buyUnderLoad(store.url, 32)
      await warehouse.hasSeen(warehouse.seen.length + 20)
      await store.stop('SIGKILL')
      const { statuses, errors } = await load
      bought += statuses.get(200) ?? 0
      asked += [...statuses.values(), ...errors.values()].reduce((sum, count) => sum + count, 0)
    }
    await using store = await startStore(env)
    await expect.poll(async () => (await ledgerOf(store.url)).outbox).toBe(0)
    const books = await ledgerOf(store.url)
    expect(books.instance).toBe(instance)
    expect(books.sold).toBe(books.restocked + books.dropped)
    expect(warehouse.total()).toBe(books.sold)
    // a sale that was answered is never lost; one whose answer the kill cut off may be there
    expect(bought).toBeGreaterThan(0)
    expect(books.sold).toBeGreaterThanOrEqual(bought)
    expect(books.sold).toBeLessThanOrEqual(asked)
  })

  test('with RESTOCK_WAIT_MS no sale that was answered is lost, though its books are', async () => {
    await using warehouse = await startFakeWarehouse()
    let bought = 0
    for (let round = 1; round <= 3; round++) {
      await using store = await startStore({ RESTOCK_WAIT_MS: '10000', BOOKWAREHOUSE_URL: warehouse.url })
      const load = buyUnderLoad(store.url, 32)
      await warehouse.hasSeen(warehouse.seen.length + 20)
      await store.stop('SIGKILL')
      bought += (await load).statuses.get(200) ?? 0
    }
    expect(bought).toBeGreaterThan(0)
    expect(warehouse.total()).toBeGreaterThanOrEqual(bought)
  })
})

describe('SIGTERM', () => {
  test('under load of 64 kept-alive connections no request fails, and nothing holds up the end', async () => {
    await using warehouse = await startFakeWarehouse()
    await using store = await startStore({
      BOOKWAREHOUSE_URL: warehouse.url,
      DRAIN_WAIT_MS: '2000',
      // a stop that takes longer is forced and ends with code 1
      SHUTDOWN_DEADLINE_MS: '60000'
    })
    const load = buyUnderLoad(store.url, 64)
    await warehouse.hasSeen(20)
    const exit = await store.stop('SIGTERM')
    const { statuses, errors } = await load
    expect(exit).toEqual({ code: 0, signal: null })
    expect([...statuses.keys()]).toEqual([200])
    expect([...errors.keys()]).toEqual([])
    expect(warehouse.total()).toBe(statuses.get(200))
  })

  test('without a warehouse the number of lost restocks is in the log', async () => {
    await using store = await startStore({
      BOOKWAREHOUSE_URL: 'http://127.0.0.1:1',
      SHUTDOWN_DEADLINE_MS: '6000'
    })
    for (let at = 0; at < 3; at++) await (await fetch(`${store.url}/buy-a-book/new`)).text()
    expect((await store.stop()).code).toBe(0)
    expect(await store.waitForLine(/"level":"error".*"books":3.*restocks are lost/)).toContain('ECONNREFUSED')
  })

  test('without a warehouse, with OUTBOX_DIR, nothing is lost', async () => {
    await using dir = await tempDir()
    await using warehouse = await startFakeWarehouse()
    const first = await startStore({
      OUTBOX_DIR: dir.path,
      BOOKWAREHOUSE_URL: 'http://127.0.0.1:1'
    })
    await (await fetch(`${first.url}/buy-a-book/new`)).text()
    expect((await first.stop()).code).toBe(0)
    expect(await first.waitForLine(/"books":1.*stay in OUTBOX_DIR/)).toContain('"level":"warn"')
    await using second = await startStore({
      OUTBOX_DIR: dir.path,
      BOOKWAREHOUSE_URL: warehouse.url
    })
    await warehouse.hasSeen(1)
    await expect.poll(async () => (await ledgerOf(second.url)).restocked).toBe(1)
    const raw = await fetch(`${second.url}/raw`)
    expect(await raw.json()).toEqual({ booksSold: 1 })
  })
})

describe('the start', () => {
  test('takes the arguments of the public manifests and prints the lines of the original', async () => {
    await using store = await startStore({ LOG_FORMAT: 'osm', IDENTITY: '', BOOKWAREHOUSE_URL: 'http://127.0.0.1:1' }, [
      '--path',
      './',
      '-ident=bookstore-v7'
    ])
    const answer = await fetch(`${store.url}/buy-a-book/new`)
    await answer.text()
    expect(answer.headers.get('identity')).toBe('bookstore-v7')
    expect(await store.waitForLine(/^Selling a book!$/)).toBe('Selling a book!')
  })

  test.each([
    [{ SALE_DELAY_MS: 'long' }, /SALE_DELAY_MS: expected milliseconds/],
    [{ OUTBOX_DIR: '/dev/null/outbox' }, /OUTBOX_DIR: cannot keep the outbox in/]
  ])('with %j ends with code 1 and a line that names it', async (env, message) => {
    await expect(startStore(env)).rejects.toThrow(message)
    await expect(startStore(env)).rejects.toThrow(/ended with code 1/)
  })

  test('writes the compile cache while it runs, so that no stop waits for it', async () => {
    await using dir = await tempDir()
    await using _store = await startStore({ BOOKWAREHOUSE_URL: 'http://127.0.0.1:1', NODE_COMPILE_CACHE: dir.path })
    await expect.poll(() => readdirSync(dir.path, { recursive: true }).length).toBeGreaterThan(50)
  })

  test('serves the metrics on a port of their own', async () => {
    await using store = await startStore({ BOOKWAREHOUSE_URL: 'http://127.0.0.1:1' })
    await (await fetch(`${store.url}/buy-a-book/new`)).text()
    const metrics = await (await fetch(store.metricsUrl)).text()
    expect(metrics).toMatch(/^bookstore_sales_total 1$/m)
    expect(metrics).toMatch(/^process_cpu_seconds_total /m)
  })
})

test('the pause of a sale is taken after it was counted', async () => {
  await using store = await startStore({
    SALE_DELAY_MS: '60000',
    BOOKWAREHOUSE_URL: 'http://127.0.0.1:1',
    SHUTDOWN_DEADLINE_MS: '2000'
  })
  const asked = fetch(`${store.url}/buy-a-book/new`)
  await expect.poll(async () => (await ledgerOf(store.url)).sold).toBe(1)
  expect(await Promise.race([asked, delay(50, 'not answered')])).toBe('not answered')
  await store.stop()
  expect((await asked).status).toBe(200)
})
