import { describe, expect, test } from 'vitest'
import {
  emptyLedger,
  formBatch,
  type Ledger,
  OutboxFullError,
  sell,
  setCounter,
  settleBatch,
  waiting
} from './ledger.ts'

const books = (part: Partial<Ledger> = {}): Ledger => ({ ...emptyLedger('i'), ...part })

describe('a sale', () => {
  test('adds one to the counter, to the sales and to what waits', () => {
    const after = sell({ outboxMax: 10 })(books({ counter: 4, sold: 7, restocked: 7 }))
    expect(after).toMatchObject({ counter: 5, sold: 8 })
    expect(waiting(after)).toBe(1)
  })

  test('is refused when as many books wait as may', () => {
    const step = sell({ outboxMax: 2 })
    expect(() => step(books({ sold: 5, restocked: 2, dropped: 1 }))).toThrow(OutboxFullError)
  })

  test('is made when one book fewer waits', () => {
    expect(sell({ outboxMax: 2 })(books({ sold: 4, restocked: 3 })).sold).toBe(5)
  })

  test('leaves a counter alone that cannot be counted further', () => {
    const full = books({ counter: Number.MAX_SAFE_INTEGER })
    expect(sell({ outboxMax: 1 })(full)).toMatchObject({
      counter: Number.MAX_SAFE_INTEGER,
      sold: 1
    })
  })
})

test('setting the counter does not touch what was sold', () => {
  expect(setCounter(0)(books({ counter: 9, sold: 9 }))).toMatchObject({ counter: 0, sold: 9 })
})

describe('a batch', () => {
  test('takes all that waits under its key', () => {
    const after = formBatch('k', { maxAmount: 10 })(books({ sold: 5, restocked: 1, dropped: 1 }))
    expect(after.batch).toEqual({ key: 'k', amount: 3 })
  })

  test('takes no more than it may', () => {
    expect(formBatch('k', { maxAmount: 2 })(books({ sold: 5 })).batch?.amount).toBe(2)
  })

  test('keeps its key and its amount while it is on its way', () => {
    const before = books({ sold: 5, batch: { key: 'first', amount: 1 } })
    expect(formBatch('second', { maxAmount: 10 })(before)).toBe(before)
  })

  test('is not formed of nothing', () => {
    expect(formBatch('k', { maxAmount: 10 })(books({ sold: 3, restocked: 3 })).batch).toBe(undefined)
  })

  test.each(['restocked', 'dropped'] as const)('that ended is %s', as => {
    const before = books({ sold: 5, batch: { key: 'k', amount: 3 } })
    const after = settleBatch('k', as)(before)
    expect(after).toMatchObject({ [as]: 3, batch: undefined })
    expect(waiting(after)).toBe(2)
  })

  test('is not ended twice, nor by the answer to another one', () => {
    const before = books({ sold: 5, batch: { key: 'k', amount: 3 } })
    const after = settleBatch('k', 'restocked')(before)
    expect(settleBatch('k', 'restocked')(after)).toBe(after)
    expect(settleBatch('other', 'restocked')(before)).toBe(before)
  })
})
