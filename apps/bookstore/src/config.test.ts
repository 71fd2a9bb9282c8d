import { restockRequest } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { readBookstoreConfig } from './config.ts'
import { parseSaleDelay, pickDelayMs } from './sale-delay.ts'

const read = (env: Record<string, string> = {}, argv: string[] = []) => readBookstoreConfig(env, argv)

describe('where restocks go', () => {
  test('is the Service in the cluster, with the short name as Host', () => {
    expect(restockRequest(read().warehouse)).toMatchObject({
      origin: 'http://bookwarehouse.bookwarehouse.svc.cluster.local:14001',
      path: '/restock-books',
      headers: { host: 'bookwarehouse.bookwarehouse' }
    })
  })

  test('follows WAREHOUSE_SVC and BOOKWAREHOUSE_NAMESPACE', () => {
    const { warehouse } = read({ WAREHOUSE_SVC: 'shed', BOOKWAREHOUSE_NAMESPACE: 'yard' })
    expect(restockRequest(warehouse)).toMatchObject({
      origin: 'http://shed.yard.svc.cluster.local:14001',
      headers: { host: 'shed.yard' }
    })
  })

  test('is BOOKWAREHOUSE_URL when that is set, with its own Host', () => {
    const env = { BOOKWAREHOUSE_URL: 'http://127.0.0.1:14013', WAREHOUSE_SVC: 'shed' }
    expect(restockRequest(read(env).warehouse)).toMatchObject({
      origin: 'http://127.0.0.1:14013',
      headers: { host: '127.0.0.1:14013' }
    })
  })
})

describe('the identity', () => {
  test('is IDENTITY, else --ident, else unidentified', () => {
    expect(read({ IDENTITY: 'a' }, ['--ident', 'b']).identity).toBe('a')
    expect(read({}, ['-ident=b']).identity).toBe('b')
    expect(read().identity).toBe('unidentified')
  })

  test.each(['a\nb', 'größe', ' a', 'x'.repeat(129)])('cannot be %j', identity => {
    expect(() => read({ IDENTITY: identity })).toThrow(/^IDENTITY: expected 1 to 128 printable/)
  })
})

test('FAULTS opens the switch, off closes it, JSON is in force from the start', () => {
  const none = { abort: null, delay: null, unready: false }
  expect(read().initialFaults).toBeUndefined()
  expect(read({ FAULTS: 'off' }).initialFaults).toBeUndefined()
  expect(read({ FAULTS: 'on' }).initialFaults).toEqual(none)
  const abort = { status: 503, percent: 30 }
  expect(read({ FAULTS: JSON.stringify({ abort }) }).initialFaults).toEqual({ ...none, abort })
  expect(() => read({ FAULTS: 'yes' })).toThrow('FAULTS: expected on, off, or faults as JSON')
})

test('empty means the default', () => {
  const names = ['RESET', 'OUTBOX_DIR', 'OUTBOX_MAX', 'SALE_DELAY_MS', 'BOOKWAREHOUSE_URL']
  expect(read(Object.fromEntries(names.map(name => [name, ''])))).toEqual(read())
})

test('flags of old manifests are accepted', () => {
  expect(read({}, ['--port', '14001', '--path', './']).port).toBe(14001)
})

test.each([
  ['WAREHOUSE_SVC', 'a/b'],
  ['BOOKWAREHOUSE_NAMESPACE', 'Name'],
  ['BOOKWAREHOUSE_URL', 'http://h/path'],
  ['SALE_DELAY_MS', '750-150'],
  ['SALE_DELAY_MS', '-1'],
  ['SALE_DELAY_MS', '1e3'],
  ['RESET', 'no'],
  ['OUTBOX_MAX', '0'],
  ['OUTBOX_BATCH_MAX', '1.5']
])('%s=%s stops the start with a line that names it', (name, value) => {
  expect(() => read({ [name]: value })).toThrow(new RegExp(`^${name}: expected .*, got "${value}"$`))
})

describe('the pause of a sale', () => {
  test('is a number or a range', () => {
    expect(parseSaleDelay('200')).toEqual({ minMs: 200, maxMs: 200 })
    expect(parseSaleDelay('150-750')).toEqual({ minMs: 150, maxMs: 750 })
  })

  test('lies in its range, both ends included', () => {
    const range = { minMs: 150, maxMs: 750 }
    expect([0, 0.5, 0.9999].map(random => pickDelayMs(range, random))).toEqual([150, 450, 750])
  })
})
