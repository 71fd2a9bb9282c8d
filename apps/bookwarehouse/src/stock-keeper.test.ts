import { setImmediate } from 'node:timers/promises'
import { createReadiness, silentLogs } from '@bookstore/common'
import { waitFor } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { StockUnavailableError } from './stock/stock.ts'
import { createStockKeeper } from './stock-keeper.ts'

function keeperOf(database: { fault: string | undefined }, { retryMs = 1 } = {}) {
  const changes: boolean[] = []
  let asked = 0
  const ask = async () => {
    asked++
    if (database.fault !== undefined) throw new StockUnavailableError(database.fault)
  }
  const readiness = createReadiness()
  const keeper = createStockKeeper({
    stock: { open: ask, check: ask },
    readiness,
    logger: silentLogs().logger,
    onChange: isUp => changes.at(-1) !== isUp && changes.push(isUp),
    checkEveryMs: 1,
    minRetryMs: retryMs,
    maxRetryMs: 2 * retryMs
  })
  return { keeper, readiness, changes, asked: () => asked }
}

test('is not ready before it has connected and says why while it cannot', async () => {
  const database: { fault: string | undefined } = { fault: 'refused' }
  const { keeper, readiness } = keeperOf(database)
  expect(readiness.reasons()).toEqual({ database: 'not connected yet' })
  keeper.start()
  await waitFor(() => readiness.reasons()['database'] === 'refused')
  database.fault = undefined
  await waitFor(() => keeper.isUp())
  expect(readiness.isReady()).toBe(true)
  await keeper.stop()
})

test('notices a loss by itself and comes back', async () => {
  const database: { fault: string | undefined } = { fault: undefined }
  const { keeper, readiness, changes } = keeperOf(database)
  keeper.start()
  await waitFor(() => keeper.isUp())
  database.fault = 'gone away'
  await waitFor(() => !readiness.isReady())
  expect(readiness.reasons()).toEqual({ database: 'gone away' })
  database.fault = undefined
  await waitFor(() => keeper.isUp())
  await keeper.stop()
  expect(changes).toEqual([true, false, true])
})

test('a reported failure counts at once, and the reason is the reported one', async () => {
  const database: { fault: string | undefined } = { fault: undefined }
  const { keeper, readiness } = keeperOf(database)
  keeper.start()
  await waitFor(() => keeper.isUp())
  keeper.reportFailure(new StockUnavailableError('full'))
  expect(keeper.isUp()).toBe(false)
  expect(readiness.reasons()).toEqual({ database: 'full' })
  await waitFor(() => keeper.isUp())
  await keeper.stop()
})

test('a database that opens well and then fails at work is not opened again at once', async () => {
  const { keeper, asked } = keeperOf({ fault: undefined }, { retryMs: 60_000 })
  keeper.start()
  await waitFor(() => keeper.isUp())
  keeper.reportFailure(new StockUnavailableError('full'))
  const before = asked()
  for (let turn = 0; turn < 5; turn++) await setImmediate()
  expect(asked()).toBe(before)
  expect(keeper.isUp()).toBe(false)
  await keeper.stop()
})
