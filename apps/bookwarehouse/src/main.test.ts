import {
  inParallel,
  type Mariadb,
  type RunningApp,
  requireMariadb,
  startApp,
  startMariadb,
  tempDir,
  waitFor
} from '@bookstore/testing'
import { Pool } from 'undici'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const start = (databaseUrl: string, env: Record<string, string> = {}, args: string[] = []) =>
  startApp({
    main: 'apps/bookwarehouse/src/main.ts',
    env: { DATABASE_URL: databaseUrl, LOG_LEVEL: 'warn', ...env },
    args
  })

const isReady = async ({ url }: RunningApp) => (await fetch(`${url}/readiness`)).ok
const json = async (url: string) => (await (await fetch(url)).json()) as Record<string, unknown>
const reason = async ({ url }: RunningApp) => {
  const { reasons } = await json(`${url}/readiness`)
  return String((reasons as Record<string, string> | undefined)?.['database'])
}
const total = async ({ url }: RunningApp) => (await json(`${url}/raw`))['totalBooks']

/** One restock over a pool of connections; rejects when there is no answer. */
async function restock(pool: Pool, key: string): Promise<{ status: number; retryAfter: unknown }> {
  const { statusCode, headers, body } = await pool.request({
    method: 'POST',
    path: '/restock-books',
    headers: { 'idempotency-key': key },
    body: '1'
  })
  await body.dump()
  return { status: statusCode, retryAfter: headers['retry-after'] }
}

/** Sends a key again until it is acknowledged, as an outbox does; connections may break meanwhile. */
function restockUntilAdded(poolNow: () => Pool, key: string): Promise<unknown> {
  return waitFor(async () => (await restock(poolNow(), key)).status === 200, {
    what: `an acknowledgement of ${key}`
  })
}

describe('the warehouse as a process, on SQLite', () => {
  test('keeps its total over a restart and ends with code 0', async () => {
    await using dir = await tempDir()
    const url = `sqlite:${dir.join('books.db')}`
    await using first = await start(url, { LOG_FORMAT: 'osm' }, ['-ident', 'bookwarehouse'])
    await waitFor(() => isReady(first))
    const answer = await fetch(`${first.url}/restock-books`, { method: 'POST', body: '3' })
    expect(await answer.json()).toEqual({ restocked: 3 })
    expect(answer.headers.get('identity')).toBe('bookwarehouse')
    await first.waitForLine(/^Restocking bookstore with 3 new books; Total so far: 3$/)
    await first.waitForLine(/^MAESTRO! THIS TEST SUCCEEDED!$/)
    expect(await first.stop()).toEqual({ code: 0, signal: null })
    await using second = await start(url)
    await waitFor(() => isReady(second))
    expect(await total(second)).toBe(3)
  })

  test('after kill -9 under load every key counts once', async () => {
    await using dir = await tempDir()
    const url = `sqlite:${dir.join('books.db')}`
    await using first = await start(url)
    await waitFor(() => isReady(first))
    let pool = new Pool(first.url, { connections: 16 })
    let acknowledged = 0
    const load = inParallel({ total: 200, concurrency: 16 }, async index => {
      await restockUntilAdded(() => pool, `key-${index}`)
      acknowledged++
    })
    await waitFor(() => acknowledged > 50)
    await first.stop('SIGKILL')
    await using second = await start(url)
    const old = pool
    pool = new Pool(second.url, { connections: 16 })
    await old.destroy()
    await load
    expect(await total(second)).toBe(200)
    await pool.close()
  })

  test('SIGTERM under load of 64 connections: no request fails', async () => {
    await using dir = await tempDir()
    const url = `sqlite:${dir.join('books.db')}`
    const drain = { DRAIN_WAIT_MS: '3000', SHUTDOWN_DEADLINE_MS: '60000' }
    await using first = await start(url, drain)
    await waitFor(() => isReady(first))
    const pool = new Pool(first.url, { connections: 64 })
    let hasMovedAway = false
    let acknowledged = 0
    // as a load balancer does: nothing new goes to a service that says that it is not ready
    const client = async (name: number) => {
      for (let at = 0; !hasMovedAway; at++) {
        expect((await restock(pool, `${name}-${at}`)).status).toBe(200)
        acknowledged++
      }
    }
    const load = inParallel({ total: 64, concurrency: 64 }, client)
    await waitFor(() => acknowledged > 200)
    first.signal('SIGTERM')
    await waitFor(async () => !(await isReady(first)))
    hasMovedAway = true
    await load
    expect(await first.exited).toEqual({ code: 0, signal: null })
    await using second = await start(url)
    await waitFor(() => isReady(second))
    expect(await total(second)).toBe(acknowledged)
    await pool.destroy()
  })

  test('a setting that cannot be read is named and ends the start', async () => {
    await expect(start('oracle://db', { RESTOCK_MAX_BATCH: '1' })).rejects.toThrow(
      /code 1\n(.*\n)*DATABASE_URL: expected sqlite/
    )
  })
})

describe.skipIf(!requireMariadb())('the warehouse as a process, on MariaDB', () => {
  let mariadb: Mariadb
  beforeAll(async () => {
    mariadb = await startMariadb()
  })
  afterAll(() => mariadb[Symbol.asyncDispose]())

  test('2,000 restocks over 32 connections to two warehouses are counted exactly', async () => {
    await using one = await start(mariadb.url('exact'))
    await using two = await start(mariadb.url('exact'))
    const pools = [one, two].map(({ url }) => new Pool(url, { connections: 16 }))
    await waitFor(async () => (await isReady(one)) && (await isReady(two)))
    const answers = await inParallel({ total: 2_000, concurrency: 32 }, index =>
      restock(pools[index % 2] as Pool, `key-${index}`)
    )
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    expect(await total(one)).toBe(2_000)
    for (const pool of pools) await pool.close()
  })

  test('killed under load it answers 503 with Retry-After, and everything is there in the end', async () => {
    await using app = await start(mariadb.url('killed'))
    await waitFor(() => isReady(app))
    const pool = new Pool(app.url, { connections: 32 })
    const refusals: unknown[] = []
    let acknowledged = 0
    const load = inParallel({ total: 1_000, concurrency: 32 }, index =>
      waitFor(async () => {
        const { status, retryAfter } = await restock(pool, `key-${index}`)
        if (status === 200) return ++acknowledged
        refusals.push({ status, retryAfter })
        return undefined
      })
    )
    await waitFor(() => acknowledged > 200)
    await mariadb.kill()
    await waitFor(() => refusals.length > 32)
    expect(await reason(app)).toContain('mysql://books@127.0.0.1')
    await mariadb.start()
    await load
    expect(new Set(refusals.map(refusal => JSON.stringify(refusal)))).toEqual(
      new Set(['{"status":503,"retryAfter":"1"}'])
    )
    expect(await total(app)).toBe(1_000)
    await pool.close()
  })

  test('standing still it costs a 503 and not a hang, and the key counts once when it wakes', async () => {
    await using app = await start(mariadb.url('asleep'), { DATABASE_TIMEOUT_MS: '2000' })
    await waitFor(() => isReady(app))
    const pool = new Pool(app.url, { connections: 4 })
    await mariadb.pause()
    try {
      const { status, retryAfter } = await restock(pool, 'key')
      expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '1' })
      expect(await (await fetch(app.url)).text()).toContain('did not answer within 2000 ms')
    } finally {
      mariadb.resume()
    }
    await restockUntilAdded(() => pool, 'key')
    expect(await total(app)).toBe(1)
    await pool.close()
  })

  test('it listens before its database is there, says why it is not ready, and stops in good order', async () => {
    await mariadb.stop()
    await using early = await start(mariadb.url('late'))
    expect((await fetch(`${early.url}/liveness`)).status).toBe(200)
    await waitFor(async () => (await reason(early)).includes('ECONNREFUSED'))
    expect(await early.stop()).toEqual({ code: 0, signal: null })
    await using app = await start(mariadb.url('late'))
    await mariadb.start()
    await waitFor(() => isReady(app))
    expect(await total(app)).toBe(0)
  })
})
