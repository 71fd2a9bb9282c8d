import type { Snapshot, SplitVerdict } from '@bookstore/contract'
import { Gauge, type Registry } from 'prom-client'

type Rows = readonly (readonly [labels: Readonly<Record<string, string>>, value: number | null])[]

/**
 * Prometheus' view of the snapshot; read when scraped, so that it cannot differ from the page. One snapshot serves a
 * whole scrape.
 */
export function addSnapshotMetrics(registry: Registry, takeSnapshot: () => Snapshot): void {
  const read = oncePerTurn(takeSnapshot)
  const gauge = (name: string, help: string, labelNames: readonly string[], rows: (snapshot: Snapshot) => Rows) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        // an unlabelled gauge that is reset says 0, which is a value
        if (labelNames.length === 0) this.remove()
        else this.reset()
        for (const [labels, value] of rows(read())) if (value !== null) this.set(labels, value)
      }
    })
  const number = (name: string, help: string, value: (snapshot: Snapshot) => number | null) =>
    gauge(name, help, [], snapshot => [[{}, value(snapshot)]])
  const status = (name: string, help: string, value: (snapshot: Snapshot) => string, all: readonly string[]) =>
    gauge(name, help, ['status'], snapshot => {
      const current = value(snapshot)
      return all.map(one => [{ status: one }, one === current ? 1 : 0])
    })
  const perVersion = (
    name: string,
    help: string,
    value: (version: SplitVerdict['versions'][number]) => number | null
  ) =>
    gauge(name, help, ['version'], ({ verdict }) =>
      verdict.versions.map(version => [{ version: version.version }, value(version)])
    )

  status(
    'bookstore_headline',
    'What a person should know: 1 for the status that holds; broken: nobody answers, a version is silent or policies cannot be read.',
    ({ headline }) => headline.status,
    ['pass', 'fail', 'pending', 'broken']
  )
  status(
    'bookstore_health',
    'How the shopper fares in the last ten seconds: 1 for the status that holds.',
    ({ health }) => health.status,
    ['ok', 'degraded', 'unknown']
  )
  gauge(
    'bookstore_health_attempts',
    'Attempts to buy in the last ten seconds, by outcome.',
    ['outcome'],
    ({ health }) => OUTCOMES.map(outcome => [{ outcome }, health[outcome]])
  )
  gauge(
    'bookstore_version_silent_seconds',
    'How long a declared version that should answer has not; absent while all answer.',
    ['version'],
    ({ health }) => health.silent.map(({ version, seconds }) => [{ version }, seconds])
  )
  addSplit({ number, status, perVersion })
  addAccess({ number, status, gauge })
  addPolicies({ number, status })
}

const OUTCOMES = ['bought', 'denied', 'failed'] as const
const STATUSES = ['pass', 'fail', 'pending'] as const

type Status = (name: string, help: string, value: (snapshot: Snapshot) => string, all: readonly string[]) => unknown
type NumberOf = (name: string, help: string, value: (snapshot: Snapshot) => number | null) => unknown
type PerVersion = (
  name: string,
  help: string,
  value: (version: SplitVerdict['versions'][number]) => number | null
) => unknown
type GaugeOf = (name: string, help: string, labels: readonly string[], rows: (snapshot: Snapshot) => Rows) => unknown

function addSplit({ number, status, perVersion }: { number: NumberOf; status: Status; perVersion: PerVersion }): void {
  status(
    'bookstore_split_verdict',
    'Verdict on the split: 1 for the status that holds; a pass is pending while the shopper is not healthy.',
    snapshot => presentStatus(snapshot, 'verdict'),
    STATUSES
  )
  perVersion('bookstore_split_share_ratio', 'Observed share of a version in the current window.', v => v.share)
  perVersion('bookstore_split_declared_ratio', 'Declared share of a version that the declaration names.', v =>
    v.unknown ? null : v.declared
  )
  perVersion(
    'bookstore_split_share_low_ratio',
    'Lower end of the time-uniform confidence interval of the share.',
    v => v.low
  )
  perVersion(
    'bookstore_split_share_high_ratio',
    'Upper end of the time-uniform confidence interval of the share.',
    v => v.high
  )
  number(
    'bookstore_split_log_evidence',
    'Natural logarithm of the evidence against the declared split; the alarm is at ln(1/alpha). +Inf after an impossible purchase.',
    ({ verdict }) => verdict.logE
  )
  number(
    'bookstore_split_alarm_log_evidence',
    'The evidence at which the verdict is fail: ln(1/alpha).',
    ({ verdict }) => -Math.log(verdict.alpha)
  )
  number(
    'bookstore_split_window_purchases',
    'Purchases judged in the current window.',
    ({ verdict }) => verdict.purchases
  )
  number(
    'bookstore_split_purchases_missing',
    'Purchases estimated to be missing until pass; absent unless pending.',
    ({ verdict }) => verdict.missing
  )
  number(
    'bookstore_split_window_start_timestamp_seconds',
    'When the current window began, which is when something else was declared, a reset, or the start.',
    ({ window }) => Date.parse(window.from) / 1000
  )
  number(
    'bookstore_split_convergence_seconds',
    'From the last change of what is declared to the first answer under it; absent where it cannot be told.',
    ({ window }) => window.convergenceSeconds
  )
  number(
    'bookstore_split_stale_answers',
    'Answers of the current window that only the policy before could have given.',
    ({ window }) => window.staleAnswers
  )
}

function addAccess({ number, status, gauge }: { number: NumberOf; status: Status; gauge: GaugeOf }): void {
  status(
    'bookstore_access_verdict',
    'Verdict on access: 1 for the status that holds; a pass is pending while the shopper is not healthy.',
    snapshot => presentStatus(snapshot, 'access'),
    STATUSES
  )
  gauge(
    'bookstore_access_expected',
    'What is expected of an attempt to buy: always 1; a status code where just that one is expected.',
    ['expected'],
    ({ access }) => [[{ expected: String(access.expected) }, 1]]
  )
  number(
    'bookstore_access_violation_upper_bound_ratio',
    'The share of attempts that end otherwise than expected is below this, but with probability alpha.',
    ({ access }) => access.upperBound
  )
}

function addPolicies({ number, status }: { number: NumberOf; status: Status }): void {
  status(
    'bookstore_policy_source',
    'Where the policies are seen: 1 for the one that holds.',
    ({ policies }) => policies.kind,
    ['none', 'local-mesh', 'cluster']
  )
  number(
    'bookstore_policy_problems',
    'Policies that cannot be read: broken files, missing rights, an API that does not answer.',
    ({ policies }) => policies.problems.length
  )
  number(
    'bookstore_policy_last_change_timestamp_seconds',
    'When the policies changed last; absent when no change was seen.',
    ({ policies }) => (policies.lastChange?.at ? Date.parse(policies.lastChange.at) / 1000 : null)
  )
}

// an old pass must not keep a dashboard green over a dead shop
function presentStatus(snapshot: Snapshot, part: 'verdict' | 'access'): string {
  const { status } = snapshot[part]
  return status === 'pass' && snapshot.health.status === 'degraded' ? 'pending' : status
}

// prom-client collects all metrics of a scrape in one turn of the event loop
function oncePerTurn<T>(read: () => T): () => T {
  let kept: { readonly value: T } | undefined
  return () => {
    if (kept === undefined) {
      kept = { value: read() }
      setImmediate(() => {
        kept = undefined
      })
    }
    return kept.value
  }
}
