import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { always, salesOf, simulateShopper } from '../../test-support/simulated-shopper.ts'
import { buyerExample } from '../../test-support/snapshots.ts'
import { addSnapshotMetrics } from './snapshot-metrics.ts'

async function scrape(...[example]: Parameters<typeof buyerExample>): Promise<readonly string[]> {
  return scrapeOf(buyerExample(example))
}

async function scrapeOf({ snapshot }: ReturnType<typeof buyerExample>): Promise<readonly string[]> {
  const registry = new Registry()
  addSnapshotMetrics(registry, () => snapshot)
  return (await registry.metrics()).split('\n')
}

test('a scrape tells the numbers of the snapshot', async () => {
  const counts = { 'bookstore-v1': 750, 'bookstore-v2': 250 }
  expect(await scrape({ counts, denied: 3, failed: 2 })).toEqual(
    expect.arrayContaining([
      'bookstore_headline{status="fail"} 1',
      'bookstore_split_share_ratio{version="bookstore-v2"} 0.25',
      'bookstore_split_declared_ratio{version="bookstore-v2"} 0.5',
      'bookstore_split_verdict{status="fail"} 1',
      'bookstore_split_verdict{status="pass"} 0',
      'bookstore_split_verdict{status="pending"} 0',
      'bookstore_split_window_purchases 1000',
      'bookstore_access_expected{expected="allowed"} 1'
    ])
  )
})

test('when both stores die after a pass, the headline is broken and no verdict says pass', async () => {
  const shopper = simulateShopper({ seconds: 420, env: { EXPECTED_SPLIT: 'bookstore-v1=1,bookstore-v2=1' } })
  shopper.during(400, salesOf({ 'bookstore-v1': 2500, 'bookstore-v2': 2500 }))
  shopper.during(20, always('refused', 20))
  const lines = await scrapeOf(shopper.example())
  expect(lines).toEqual(
    expect.arrayContaining([
      'bookstore_headline{status="broken"} 1',
      'bookstore_headline{status="pass"} 0',
      'bookstore_split_verdict{status="pass"} 0',
      'bookstore_access_verdict{status="pass"} 0',
      'bookstore_health{status="degraded"} 1',
      'bookstore_health_attempts{outcome="bought"} 0'
    ])
  )
  expect(lines.some(line => /^bookstore_version_silent_seconds\{version="bookstore-v1"\} \d+$/.test(line))).toBe(true)
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

test('what is not known is absent and not zero', async () => {
  const lines = await scrape({ counts: { 'bookstore-v1': 60, 'bookstore-v2': 40 } })
  const names = ['bookstore_split_convergence_seconds', 'bookstore_policy_last_change_timestamp_seconds']
  expect(lines.filter(line => names.some(name => line.startsWith(`${name} `)))).toEqual([])
})

test('a scrape takes one snapshot', async () => {
  const { snapshot } = buyerExample({ counts: { 'bookstore-v1': 1 } })
  let taken = 0
  const registry = new Registry()
  addSnapshotMetrics(registry, () => {
    taken++
    return snapshot
  })
  await registry.metrics()
  expect(taken).toBe(1)
  await new Promise(setImmediate)
  await registry.metrics()
  expect(taken).toBe(2)
})
