import { describe, expect, test } from 'vitest'
import { readShopperConfig } from './config.ts'

const buyer = (env: Record<string, string> = {}, argv: string[] = []) => readShopperConfig('bookbuyer', env, argv)
const thief = (env: Record<string, string> = {}, argv: string[] = []) => readShopperConfig('bookthief', env, argv)

test('without any setting it is what the original is', () => {
  expect(buyer()).toMatchObject({
    identity: 'Bookbuyer',
    store: {
      service: { namespace: 'bookstore', name: 'bookstore' },
      origin: 'http://bookstore.bookstore.svc.cluster.local:14001'
    },
    port: 14001,
    paceMs: 1000,
    concurrency: 1,
    minSuccesses: 1,
    maxIterations: 0,
    egressUrls: []
  })
  expect(thief().identity).toBe('Bookthief')
})

test('empty means the default', () => {
  const names = [
    'BOOKSTORE_SVC',
    'BOOKSTORE_NAMESPACE',
    'BOOKTHIEF_EXPECTED_RESPONSE_CODE',
    'ENABLE_EGRESS',
    'CI_SLEEP_BETWEEN_REQUESTS_SECONDS',
    'CI_MIN_SUCCESS_THRESHOLD',
    'CI_MAX_ITERATIONS_THRESHOLD',
    'CI_CLIENT_CONCURRENT_CONNECTIONS'
  ]
  const empty = Object.fromEntries(names.map(name => [name, '']))
  expect(buyer(empty)).toEqual(buyer())
  expect(thief(empty)).toEqual(thief())
})

test('the environment wins over --ident', () => {
  expect(buyer({}, ['--ident', 'me']).identity).toBe('me')
  expect(buyer({ IDENTITY: 'you' }, ['--ident', 'me']).identity).toBe('you')
})

describe('the store', () => {
  test('is named by BOOKSTORE_SVC and BOOKSTORE_NAMESPACE', () => {
    const { store } = buyer({ BOOKSTORE_SVC: 'shop', BOOKSTORE_NAMESPACE: 'town' })
    expect(store.origin).toBe('http://shop.town.svc.cluster.local:14001')
  })

  test('is BOOKSTORE_URL when that is set', () => {
    const env = { BOOKSTORE_URL: 'http://127.0.0.1:14011', BOOKSTORE_SVC: 'shop' }
    expect(buyer(env).store.origin).toBe('http://127.0.0.1:14011')
  })
})

test.each([
  ['0', 0],
  ['0.1', 100],
  ['2', 2000]
])('a pause of %s seconds is %d ms', (seconds, ms) => {
  expect(buyer({ CI_SLEEP_BETWEEN_REQUESTS_SECONDS: seconds }).paceMs).toBe(ms)
})

test('only `true` opens the way out of the mesh', () => {
  for (const text of ['false', '']) expect(buyer({ ENABLE_EGRESS: text }).egressUrls).toEqual([])
  expect(buyer({ ENABLE_EGRESS: 'true' }).egressUrls).toHaveLength(2)
  for (const text of ['maybe', 'TRUE', '1', 'yes']) {
    expect(() => buyer({ ENABLE_EGRESS: text })).toThrow(`ENABLE_EGRESS: expected one of true, false, got "${text}"`)
  }
})

test('connections are kept unless HTTP_KEEP_ALIVE is off', () => {
  expect(buyer().keepAlive).toBe(true)
  expect(buyer({ HTTP_KEEP_ALIVE: 'off' }).keepAlive).toBe(false)
})

test("the expected response code is the thief's alone", () => {
  const env = { BOOKTHIEF_EXPECTED_RESPONSE_CODE: '404' }
  expect(thief(env).expectedCode).toBe(404)
  expect(thief({ BOOKTHIEF_EXPECTED_RESPONSE_CODE: '0' }).expectedCode).toBe(0)
  expect(buyer(env).expectedCode).toBeUndefined()
})

test.each([
  ['BOOKSTORE_SVC', 'a/b'],
  ['BOOKSTORE_NAMESPACE', 'Town'],
  ['BOOKSTORE_URL', 'http://h/path'],
  ['BOOKTHIEF_EXPECTED_RESPONSE_CODE', 'denied'],
  ['CI_SLEEP_BETWEEN_REQUESTS_SECONDS', '-1'],
  ['CI_MIN_SUCCESS_THRESHOLD', '0'],
  ['CI_MAX_ITERATIONS_THRESHOLD', '1.5'],
  ['CI_CLIENT_CONCURRENT_CONNECTIONS', 'many'],
  ['EXPECTED_SPLIT', '-1'],
  ['VERSION_SOURCE', 'cookie:a'],
  ['PURCHASE_PATH', 'version'],
  ['EXPECTED_ACCESS', 'maybe'],
  ['VERDICT_ALPHA', '2']
])('%s=%s stops the start with a line that names it', (name, value) => {
  expect(() => thief({ [name]: value })).toThrow(new RegExp(`^${name}: .*, got "${value}"$`))
})
