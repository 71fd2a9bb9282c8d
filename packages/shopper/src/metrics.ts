import type { Snapshot } from '@bookstore/contract'
import { Counter, Gauge, type Registry } from 'prom-client'

const STATUSES = ['pass', 'fail', 'pending'] as const

/** Prometheus' view of the snapshot; read when scraped, so that it cannot differ from the page. */
export function addShopperMetrics(registry: Registry, read: () => Snapshot): void {
  const registers = [registry]
  new Counter({
    name: 'bookstore_purchase_attempts_total',
    help: 'Attempts to buy a book since the last reset, by outcome.',
    labelNames: ['outcome'] as const,
    registers,
    collect() {
      const { counts } = read()
      this.reset()
      for (const outcome of ['bought', 'denied', 'failed'] as const) this.inc({ outcome }, counts[outcome])
    }
  })
  new Counter({
    name: 'bookstore_books_bought_total',
    help: 'Books bought since the last reset, by the version that sold them.',
    labelNames: ['version'] as const,
    registers,
    collect() {
      this.reset()
      for (const [version, count] of Object.entries(read().counts.byVersion)) this.inc({ version }, count)
    }
  })
  gaugeOfVersions(
    registers,
    'bookstore_split_share_ratio',
    'Observed share of a version in the current window.',
    read,
    v => v.share
  )
  gaugeOfVersions(registers, 'bookstore_split_declared_ratio', 'Declared share of a version.', read, v => v.declared)
  gaugeOfVersions(
    registers,
    'bookstore_split_share_low_ratio',
    'Lower end of the time-uniform confidence interval of the share.',
    read,
    v => v.low
  )
  gaugeOfVersions(
    registers,
    'bookstore_split_share_high_ratio',
    'Upper end of the time-uniform confidence interval of the share.',
    read,
    v => v.high
  )
  gaugeOfStatus(
    registers,
    'bookstore_split_verdict',
    'Verdict on the split: 1 for the status that holds; a pass is pending while the shopper is not healthy.',
    () => presentStatus(read(), 'verdict')
  )
  gaugeOfStatus(
    registers,
    'bookstore_access_verdict',
    'Verdict on access: 1 for the status that holds; a pass is pending while the shopper is not healthy.',
    () => presentStatus(read(), 'access')
  )
  gaugeOfStatus(
    registers,
    'bookstore_health',
    'How the shopper fares in the last ten seconds: 1 for the status that holds.',
    () => read().health.status,
    ['ok', 'degraded', 'unknown']
  )
}

// an old pass must not keep a dashboard green over a dead shop
function presentStatus(snapshot: Snapshot, part: 'verdict' | 'access'): string {
  const { status } = snapshot[part]
  return status === 'pass' && snapshot.health.status === 'degraded' ? 'pending' : status
}

function gaugeOfVersions(
  registers: Registry[],
  name: string,
  help: string,
  read: () => Snapshot,
  value: (version: Snapshot['verdict']['versions'][number]) => number | null
): void {
  new Gauge({
    name,
    help,
    labelNames: ['version'] as const,
    registers,
    collect() {
      this.reset()
      for (const version of read().verdict.versions) {
        const number = value(version)
        if (number !== null) this.set({ version: version.version }, number)
      }
    }
  })
}

function gaugeOfStatus(
  registers: Registry[],
  name: string,
  help: string,
  read: () => string,
  statuses: readonly string[] = STATUSES
): void {
  new Gauge({
    name,
    help,
    labelNames: ['status'] as const,
    registers,
    collect() {
      const status = read()
      for (const one of statuses) this.set({ status: one }, one === status ? 1 : 0)
    }
  })
}
