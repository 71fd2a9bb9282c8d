import { expect, test } from 'vitest'
import { createRestockQueue, type RestockQueueOptions } from './restock-queue.ts'
import { type Restock, type RestockOutcome, StockFullError, StockUnavailableError } from './stock/stock.ts'

/** A stock whose transactions end when the test says so. */
function manualStock() {
  const batches: {
    readonly batch: readonly Restock[]
    commit(): void
    fail(error: Error): void
  }[] = []
  const add = (batch: readonly Restock[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<readonly RestockOutcome[]>()
    const commit = () => resolve(batch.map(({ amount }) => ({ kind: 'added', total: amount })))
    batches.push({ batch, commit, fail: reject })
    return promise
  }
  return { stock: { add }, batches }
}

const turn = () => new Promise(resolve => setImmediate(resolve))

function startQueue(options: Partial<RestockQueueOptions> = {}) {
  const { stock, batches } = manualStock()
  const queue = createRestockQueue({ stock, maxTransactions: 1, ...options })
  const add = (...amounts: readonly number[]) => amounts.map(amount => queue.add({ amount }))
  const amountsOf = (at: number) => batches[at]?.batch.map(({ amount }) => amount)
  return { queue, batches, add, amountsOf }
}

test('what comes during a transaction is written together in the next one', async () => {
  const { batches, add, amountsOf } = startQueue()
  const first = add(1, 2)
  await turn()
  const second = add(3, 4, 5)
  await turn()
  expect(batches.length).toBe(1)
  expect(amountsOf(0)).toEqual([1, 2])
  batches[0]?.commit()
  expect(await Promise.all(first)).toEqual([
    { kind: 'added', total: 1 },
    { kind: 'added', total: 2 }
  ])
  await turn()
  expect(amountsOf(1)).toEqual([3, 4, 5])
  batches[1]?.commit()
  await Promise.all(second)
})

test('a batch has at most maxBatch restocks', async () => {
  const { batches, add, amountsOf } = startQueue({ maxBatch: 2 })
  const all = add(1, 2, 3)
  await turn()
  expect(amountsOf(0)).toEqual([1, 2])
  batches[0]?.commit()
  await turn()
  await turn()
  expect(amountsOf(1)).toEqual([3])
  batches[1]?.commit()
  await Promise.all(all)
})

test('as many transactions run at once as allowed, and no more', async () => {
  const { batches, add } = startQueue({ maxBatch: 1, maxTransactions: 2 })
  const all = add(1, 2, 3)
  await turn()
  expect(batches.length).toBe(2)
  batches[0]?.commit()
  batches[1]?.commit()
  await turn()
  await turn()
  expect(batches.length).toBe(3)
  batches[2]?.commit()
  expect(await Promise.all(all)).toHaveLength(3)
})

test('beyond maxWaiting a restock is refused at once and the others go on', async () => {
  const { queue, batches, add } = startQueue({ maxWaiting: 2 })
  const waiting = add(1, 2)
  expect(queue.waiting()).toBe(2)
  await expect(queue.add({ amount: 3 })).rejects.toMatchObject({ code: 'QUEUE_FULL' })
  await turn()
  batches[0]?.commit()
  expect(await Promise.all(waiting)).toHaveLength(2)
})

test('a lost database refuses the batch and everyone behind it', async () => {
  const { queue, batches, add } = startQueue()
  const first = add(1)
  await turn()
  const behind = add(2, 3)
  batches[0]?.fail(new StockUnavailableError('gone'))
  const settled = await Promise.allSettled([...first, ...behind])
  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(queue.waiting()).toBe(0)
  expect(batches.length).toBe(1)
})

test('a restock that is too large fails alone', async () => {
  const { batches, add, amountsOf } = startQueue()
  const [small, large] = add(1, 1000)
  await turn()
  batches[0]?.fail(new StockFullError())
  await turn()
  expect(amountsOf(1)).toEqual([1])
  batches[1]?.commit()
  expect(await small).toEqual({ kind: 'added', total: 1 })
  await turn()
  batches[2]?.fail(new StockFullError())
  await expect(large).rejects.toMatchObject({ code: 'STOCK_FULL' })
})
