import { requireMariadb, startMariadb, tempDir } from '@bookstore/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMysqlStock } from './mysql-stock.ts'
import { createSqliteStock } from './sqlite-stock.ts'
import { MAX_TOTAL, type Stock } from './stock.ts'

/** Opens one more warehouse's view on a database of its own; the same name means the same database. */
type OpenStock = (database: string, now?: () => number) => Promise<Stock>

describe('the stock in SQLite', () => {
  const dir = tempDir()
  afterAll(async () => (await dir)[Symbol.asyncDispose]())
  describeStock(async (database, now = Date.now) =>
    opened(createSqliteStock({ file: (await dir).join('data', `${database}.db`), now }))
  )
})

describe.skipIf(!requireMariadb())('the stock in MariaDB', () => {
  let mariadb: Awaited<ReturnType<typeof startMariadb>>
  beforeAll(async () => {
    mariadb = await startMariadb()
  })
  afterAll(() => mariadb[Symbol.asyncDispose]())
  describeStock((database, now = Date.now) => {
    const { host, port, user, password } = mariadb
    const target = { host, port, user, password, database, tls: false }
    // the deadline is for what hangs, and not for a busy disk
    return opened(createMysqlStock(target, { now, timeoutMs: 120_000 }))
  })
})

async function opened(stock: Stock): Promise<Stock> {
  await stock.open()
  return stock
}

function describeStock(open: OpenStock): void {
  test('begins with nothing and adds up', async () => {
    const stock = await open('adds')
    expect(await stock.total()).toBe(0)
    expect(await stock.add([{ amount: 2 }, { amount: 0 }, { amount: 5 }])).toEqual([
      { kind: 'added', total: 2 },
      { kind: 'added', total: 2 },
      { kind: 'added', total: 7 }
    ])
    expect(await stock.total()).toBe(7)
    await stock.close()
  })

  test('keeps the total and the keys when it is closed and opened again', async () => {
    const before = await open('reopened')
    await before.add([{ amount: 4, key: 'k' }])
    await before.close()
    const after = await open('reopened')
    expect(await after.add([{ amount: 4, key: 'k' }])).toEqual([{ kind: 'replayed', total: 4 }])
    await after.close()
  })

  test('adds a key once, in one batch and in later ones', async () => {
    const stock = await open('once')
    const twice = [
      { amount: 3, key: 'b' },
      { amount: 1, key: 'a' },
      { amount: 3, key: 'b' }
    ]
    expect(await stock.add(twice)).toEqual([
      { kind: 'added', total: 3 },
      { kind: 'added', total: 4 },
      { kind: 'replayed', total: 4 }
    ])
    expect(await stock.add([{ amount: 3, key: 'b' }, { amount: 9 }])).toEqual([
      { kind: 'replayed', total: 4 },
      { kind: 'added', total: 13 }
    ])
    expect(await stock.total()).toBe(13)
    await stock.close()
  })

  test('tells keys apart by every byte', async () => {
    const stock = await open('bytes')
    const keys = ['a', 'A', 'a ', "a'", 'a\\', 'a"', 'x'.repeat(255)]
    const outcomes = await stock.add(keys.map(key => ({ amount: 1, key })))
    expect(outcomes.map(({ kind }) => kind)).toEqual(keys.map(() => 'added'))
    const again = await stock.add(keys.map(key => ({ amount: 1, key })))
    expect(again.map(({ kind }) => kind)).toEqual(keys.map(() => 'replayed'))
    await stock.close()
  })

  test('refuses a key with another amount and adds the rest of its batch', async () => {
    const stock = await open('conflict')
    await stock.add([{ amount: 2, key: 'k' }])
    expect(await stock.add([{ amount: 3, key: 'k' }, { amount: 1 }])).toEqual([
      { kind: 'conflict', firstAmount: 2 },
      { kind: 'added', total: 3 }
    ])
    await stock.close()
  })

  test('takes the total to the last exact number and not further', async () => {
    const stock = await open('full')
    await stock.add([{ amount: MAX_TOTAL - 1 }])
    await expect(stock.add([{ amount: 1, key: 'small' }, { amount: 1 }])).rejects.toMatchObject({
      code: 'STOCK_FULL'
    })
    expect(await stock.add([{ amount: 1, key: 'small' }])).toEqual([{ kind: 'added', total: MAX_TOTAL }])
    await stock.close()
  })

  test('counts exactly when two warehouses write the same keys at the same time', async () => {
    const stocks = [await open('shared'), await open('shared')]
    const keys = Array.from({ length: 60 }, (_, at) => `key-${at}`)
    const orders = [keys, keys.toReversed()]
    const outcomes = await Promise.all(
      stocks.flatMap((stock, at) =>
        batches(orders[at] ?? [], 7).map(batch => stock.add([...batch.map(key => ({ amount: 1, key })), { amount: 1 }]))
      )
    )
    const added = outcomes.flat().filter(({ kind }) => kind === 'added').length
    const unkeyed = outcomes.length
    expect(added).toBe(keys.length + unkeyed)
    expect(await stocks[0]?.total()).toBe(keys.length + unkeyed)
    for (const stock of stocks) await stock.close()
  })

  test('forgets the oldest keys, not those younger than asked and not the newest', async () => {
    let clock = 1_000
    const stock = await open('prune', () => clock)
    for (const key of ['a', 'b', 'c', 'd']) {
      await stock.add([{ amount: 1, key }])
      clock += 1_000
    }
    expect(await stock.pruneKeys({ before: 1_000, keepNewest: 0, limit: 10 })).toBe(0)
    expect(await stock.pruneKeys({ before: 9_999, keepNewest: 2, limit: 1 })).toBe(1)
    expect(await stock.pruneKeys({ before: 9_999, keepNewest: 2, limit: 10 })).toBe(1)
    expect(await stock.pruneKeys({ before: 9_999, keepNewest: 2, limit: 10 })).toBe(0)
    const kinds = (
      await stock.add([
        { amount: 1, key: 'a' },
        { amount: 1, key: 'c' }
      ])
    ).map(({ kind }) => kind)
    expect(kinds).toEqual(['added', 'replayed'])
    await stock.close()
  })
}

function batches<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}
