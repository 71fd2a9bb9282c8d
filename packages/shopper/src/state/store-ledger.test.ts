import { expect, test } from 'vitest'
import { createStoreLedger } from './store-ledger.ts'

const headers = (instance: string, sold: number, restocked: number, outbox: number) => ({
  'bookstore-instance': instance,
  'bookstore-sold': String(sold),
  'bookstore-restocked': String(restocked),
  'bookstore-outbox': String(outbox),
  'bookwarehouse-total': String(restocked)
})

test('the newest word of each instance counts, with what was bought here', () => {
  const ledger = createStoreLedger()
  ledger.record(headers('a', 1, 0, 1), 'bookstore-v1')
  ledger.record(headers('a', 3, 2, 1), 'bookstore-v1')
  // an answer that was overtaken
  ledger.record(headers('a', 2, 1, 1), 'bookstore-v1')
  ledger.record(headers('b', 1, 1, 0), 'bookstore-v2')
  expect(ledger.read()).toEqual({
    warehouseTotal: 2,
    stores: [
      { instance: 'a', version: 'bookstore-v1', sold: 3, restocked: 2, outbox: 1, boughtHere: 3, faults: '' },
      { instance: 'b', version: 'bookstore-v2', sold: 1, restocked: 1, outbox: 0, boughtHere: 1, faults: '' }
    ]
  })
})

test('a store that says nothing of itself is left out, and nonsense is no number', () => {
  const ledger = createStoreLedger()
  ledger.record({ identity: 'bookstore-v1' }, 'bookstore-v1')
  expect(ledger.read()).toEqual({ stores: [], warehouseTotal: null })
  ledger.record({ ...headers('a', 1, 1, 0), 'bookstore-sold': '-1e9' }, 'bookstore-v1')
  expect(ledger.read().stores[0]?.sold).toBe(0)
})

test('instances are bounded; the one heard of longest ago makes room', () => {
  const ledger = createStoreLedger()
  for (let at = 0; at < 100; at++) ledger.record(headers(`i${at}`, 1, 1, 0), 'v')
  const { stores } = ledger.read()
  expect(stores).toHaveLength(64)
  expect(stores.at(-1)?.instance).toBe('i99')
  expect(stores[0]?.instance).toBe('i36')
})

test('faults are told while they last, also by a store that sells nothing', () => {
  const ledger = createStoreLedger()
  const faulty = { ...headers('a', 0, 0, 0), 'bookstore-faults': 'answers 503 to 100 % of purchases' }
  ledger.record(faulty, 'bookstore-v1', { isBought: false })
  expect(ledger.read().stores).toMatchObject([{ boughtHere: 0, faults: 'answers 503 to 100 % of purchases' }])
  ledger.record(headers('a', 1, 0, 1), 'bookstore-v1')
  expect(ledger.read().stores).toMatchObject([{ boughtHere: 1, faults: '' }])
})
