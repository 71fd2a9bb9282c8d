import { readFile } from 'node:fs/promises'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { buyerExample } from '../test-support/snapshots.ts'
import { addShopperMetrics } from './metrics.ts'

async function scrape(...[example]: Parameters<typeof buyerExample>): Promise<readonly string[]> {
  const registry = new Registry()
  const { snapshot } = buyerExample(example)
  addShopperMetrics(registry, () => snapshot)
  return (await registry.metrics()).split('\n')
}

test('a scrape tells the numbers of the snapshot', async () => {
  const counts = { 'bookstore-v1': 750, 'bookstore-v2': 250 }
  expect(await scrape({ counts, denied: 3, failed: 2 })).toEqual(
    expect.arrayContaining([
      'bookstore_purchase_attempts_total{outcome="bought"} 1000',
      'bookstore_purchase_attempts_total{outcome="denied"} 3',
      'bookstore_purchase_attempts_total{outcome="failed"} 2',
      'bookstore_books_bought_total{version="bookstore-v1"} 750',
      'bookstore_split_share_ratio{version="bookstore-v2"} 0.25',
      'bookstore_split_declared_ratio{version="bookstore-v2"} 0.5',
      'bookstore_split_verdict{status="fail"} 1',
      'bookstore_split_verdict{status="pass"} 0',
      'bookstore_split_verdict{status="pending"} 0'
    ])
  )
})

test('an interval encloses the share, and nothing is said of versions while none is known', async () => {
  const ofVersion1 = (lines: readonly string[], name: string) =>
    Number(lines.find(line => line.startsWith(`${name}{version="bookstore-v1"}`))?.split(' ')[1])
  const lines = await scrape({ counts: { 'bookstore-v1': 60, 'bookstore-v2': 40 } })
  expect(ofVersion1(lines, 'bookstore_split_share_low_ratio')).toBeLessThan(0.6)
  expect(ofVersion1(lines, 'bookstore_split_share_high_ratio')).toBeGreaterThan(0.6)
  const none = await scrape({ declared: null })
  expect(none.filter(line => line.startsWith('bookstore_split_share_ratio{'))).toEqual([])
})

test('docs/api.md names every metric', async () => {
  const page = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8')
  const names = (await scrape()).filter(line => line.startsWith('# TYPE ')).map(line => line.split(' ')[2])
  expect(names).toHaveLength(9)
  expect(names.filter(name => !page.includes(`\`${name}\``))).toEqual([])
})
