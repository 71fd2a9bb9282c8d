import { waitFor } from '@bookstore/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHostileStore } from './hostile-store.ts'
import { startNamed } from './shop.ts'

const MARKUP = '<script>alert(1)</script>'

// every answer claims another identity and another instance; some are markup, some bytes, some overlong
function headOf(n: number): string {
  const identities = [
    `bookstore-v${n}`,
    `shop-${n}${MARKUP}`,
    `"\\x22 onload=alert(${n})`,
    `\x80\xff\xe2\x80\xae${n}`,
    `${n}${'y'.repeat(4_000)}`
  ]
  return [
    `Identity: ${identities[n % identities.length]}`,
    `Booksbought: ${n % 2 === 0 ? MARKUP : '9'.repeat(3_000)}`,
    `Bookstore-Instance: ${n}${MARKUP}`,
    `Bookstore-Sold: ${n % 3 === 0 ? '1e9' : '999999999999999999999'}`,
    `Bookstore-Outbox: -${n}`,
    `Bookwarehouse-Total: NaN${n}`,
    `Server: ${MARKUP}${n}`,
    `Date: ${'d'.repeat(2_000)}`
  ].join('\r\n')
}

const PURCHASES = 1_000

interface Snapshot {
  readonly counts: { readonly bought: number; readonly byVersion: object }
  readonly verdict: { readonly versions: readonly unknown[] }
  readonly ledger: {
    readonly stores: readonly { readonly sold: number; readonly outbox: number }[]
    readonly warehouseTotal: unknown
  }
}

let stack: AsyncDisposableStack
let buyer: Awaited<ReturnType<typeof startNamed>>
const text = async (path: string) => (await fetch(`${buyer.url}${path}`)).text()
const snapshot = async () => JSON.parse(await text('/api/snapshot')) as Snapshot

beforeAll(async () => {
  stack = new AsyncDisposableStack()
  const store = stack.use(await startHostileStore(headOf))
  buyer = stack.use(
    await startNamed('bookbuyer', {
      BOOKSTORE_URL: store.url,
      EXPECTED_SPLIT: 'bookstore-v1=50,bookstore-v2=50',
      CI_CLIENT_CONCURRENT_CONNECTIONS: '16',
      CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.005',
      LOG_FORMAT: 'osm'
    })
  )
  const haveEnough = async () => (await snapshot()).counts.bought > PURCHASES
  await waitFor(haveEnough, { timeoutMs: 40_000, intervalMs: 100, what: 'enough purchases' })
})
afterAll(() => stack?.disposeAsync())

describe(`a store that calls itself by ${PURCHASES} names`, () => {
  test('costs the metrics a bounded number of series, of bounded length', async () => {
    const metrics = await (await fetch(buyer.metricsUrl)).text()
    const lines = metrics.split('\n').filter(line => line.startsWith('bookstore_'))
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.length).toBeLessThan(250)
    expect(Math.max(...lines.map(line => line.length))).toBeLessThan(300)
  })

  test('costs the snapshot a bounded number of bounded names', async () => {
    const { counts, verdict } = await snapshot()
    // 32 names, what is declared, and the rest together as `other`
    expect(Object.keys(counts.byVersion).length).toBeLessThanOrEqual(35)
    expect(verdict.versions.length).toBeLessThanOrEqual(35)
    expect((await text('/api/snapshot')).length).toBeLessThan(100_000)
  })

  test('puts no markup of its own on the page', async () => {
    const page = await text('/')
    expect(/shop-\d+&#60;script&#62;alert/.test(page)).toBe(true)
    expect(page.includes(MARKUP)).toBe(false)
    expect(page.length).toBeLessThan(400_000)
  })

  test('writes no line of the log but its own, in printable characters of bounded length', () => {
    const lines = [...buyer.stdout]
    expect(lines.some(line => line.startsWith('Identity: shop-'))).toBe(true)
    expect(lines.filter(line => /[^\x20-\x7e]/.test(line))).toEqual([])
    expect(lines.filter(line => line.length > 400)).toEqual([])
  })

  test('does not make the buyer believe what is no number', async () => {
    const { stores, warehouseTotal } = (await snapshot()).ledger
    expect(stores.length).toBeLessThanOrEqual(64)
    const told = stores.map(({ sold, outbox }) => `${sold} ${outbox}`)
    expect(new Set(told)).toEqual(new Set(['0 0']))
    expect(warehouseTotal).toBeNull()
  })
})
