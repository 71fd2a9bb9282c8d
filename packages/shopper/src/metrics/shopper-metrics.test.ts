import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import type { Outcome } from '../shopping/outcome.ts'
import { createShopperMetrics } from './shopper-metrics.ts'

const attempt = (outcome: Outcome) => ({ url: 'u', outcome, answer: undefined, error: undefined, at: 0 })

function shopper() {
  const registry = new Registry()
  const metrics = createShopperMetrics(registry)
  const lines = async () => (await registry.metrics()).split('\n').filter(line => line && !line.startsWith('#'))
  return { metrics, lines }
}

test('attempts are counted by outcome and reason, and their durations by outcome and version', async () => {
  const { metrics, lines } = shopper()
  metrics.attempted(attempt({ kind: 'bought', version: 'bookstore-v1' }), 0.003)
  metrics.attempted(attempt({ kind: 'denied', how: '403' }), 0.001)
  metrics.attempted(attempt({ kind: 'failed', why: 'connection refused' }), 2)
  expect(await lines()).toEqual(
    expect.arrayContaining([
      'bookstore_purchase_attempts_total{outcome="bought",reason=""} 1',
      'bookstore_purchase_attempts_total{outcome="denied",reason="403"} 1',
      'bookstore_purchase_attempts_total{outcome="failed",reason="connection refused"} 1',
      'bookstore_books_bought_total{version="bookstore-v1"} 1',
      'bookstore_purchase_duration_seconds_bucket{outcome="bought",version="bookstore-v1",le="0.0025"} 0',
      'bookstore_purchase_duration_seconds_bucket{outcome="bought",version="bookstore-v1",le="0.005"} 1',
      'bookstore_purchase_duration_seconds_count{outcome="failed",version=""} 1'
    ])
  )
})

test('ten thousand versions and reasons leave the series bounded', async () => {
  const { metrics, lines } = shopper()
  for (let index = 0; index < 10_000; index++) {
    metrics.attempted(attempt({ kind: 'bought', version: `bookstore-v${index}` }), 0.01)
    metrics.attempted(attempt({ kind: 'denied', how: `${index}` }), 0.01)
    metrics.attempted(attempt({ kind: 'failed', why: `E${index}` }), 0.01)
  }
  const all = await lines()
  expect(all.length).toBeLessThan(33 * 3 + 6 * 16 + 20)
  expect(all).toContain('bookstore_books_bought_total{version="other"} 9968')
})
