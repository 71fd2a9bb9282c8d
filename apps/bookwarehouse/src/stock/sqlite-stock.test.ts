import { tempDir } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { createSqliteStock } from './sqlite-stock.ts'
import { StockUnavailableError } from './stock.ts'

test('a full file refuses without losing what was acknowledged, and goes on once there is room', async () => {
  await using dir = await tempDir()
  const stock = createSqliteStock({ file: dir.join('small.db'), maxPages: 20, now: () => 0 })
  await stock.open()
  let acknowledged = 0
  const restock = async () => {
    await stock.add([{ amount: 1, key: `${acknowledged}`.padEnd(255, 'x') }])
    acknowledged++
  }
  const fill = async () => {
    while (acknowledged < 1_000) await restock()
  }
  await expect(fill()).rejects.toThrow('database or disk is full')
  expect(acknowledged).toBeGreaterThan(0)
  expect(await stock.total()).toBe(acknowledged)
  expect(await stock.pruneKeys({ before: 1, keepNewest: 0, limit: 1_000 })).toBe(acknowledged)
  await restock()
  expect(await stock.total()).toBe(acknowledged)
  await stock.close()
})

test('a place that cannot be written to is unavailable, with its name and the reason', async () => {
  const stock = createSqliteStock({ file: '/dev/null/place.db' })
  await expect(stock.open()).rejects.toThrow(StockUnavailableError)
  await expect(stock.open()).rejects.toThrow('sqlite:/dev/null/place.db')
})

test('a stock in memory works and is gone when it is closed', async () => {
  const stock = createSqliteStock({ file: ':memory:' })
  await stock.open()
  await stock.add([{ amount: 2 }])
  await stock.open()
  expect(await stock.total()).toBe(2)
  await stock.close()
  await expect(stock.total()).rejects.toThrow('not open')
})
