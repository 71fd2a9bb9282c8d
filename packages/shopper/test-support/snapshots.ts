import type { Split, TimelineBucket } from '@bookstore/contract'
import { always, type Example, NOW, salesOf, simulateShopper } from './simulated-shopper.ts'

/** What a shopper met in the last three minutes. */
export interface ExampleParts {
  /** The declared split, 50/50 when left out; null declares none. */
  readonly declared?: Split | null
  readonly counts?: Readonly<Record<string, number>>
  readonly denied?: number
  readonly failed?: number
  readonly env?: Readonly<Record<string, string>>
}

const SECONDS = 180
const EVEN: Split = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }

/** A buyer who bought and was denied this often, outside of a mesh that shows its policies. */
export function buyerExample({
  declared = EVEN,
  counts = {},
  denied = 0,
  failed = 0,
  env = {}
}: ExampleParts = {}): Example {
  const expected = Object.entries(declared ?? {}).map(([version, share]) => `${version}=${share}`)
  const shopper = simulateShopper({
    seconds: SECONDS,
    env: { IDENTITY: 'Bookbuyer', MESH: 'osm', EXPECTED_SPLIT: expected.join(','), ...env }
  })
  shopper.during(SECONDS, [...salesOf(counts), ...always('denied', denied / 10), ...always('refused', failed / 10)])
  return shopper.example()
}

/** A thief who stole from v1 and was denied this often. */
export function thiefExample({
  stolen = 0,
  denied = 0,
  failed = 0,
  env = {}
}: Omit<ExampleParts, 'declared' | 'counts'> & { readonly stolen?: number } = {}): Example {
  const shopper = simulateShopper({
    role: 'bookthief',
    seconds: SECONDS,
    env: { IDENTITY: 'Bookthief', MESH: 'osm', ...env }
  })
  shopper.during(SECONDS, [
    ...salesOf({ 'bookstore-v1': stolen }),
    ...always('denied', denied / 10),
    ...always('refused', failed / 10)
  ])
  return shopper.example()
}

/** Time before the moment of the examples, ISO 8601. */
export function minutesAgo(minutes: number): string {
  return new Date(NOW - minutes * 60_000).toISOString()
}

/**
 * Buckets of the last `seconds` until `endedAgo` seconds before now; `of` gives what happened in each, by its index.
 */
export function buckets(
  seconds: number,
  of: (index: number) => Partial<TimelineBucket>,
  endedAgo = 0
): readonly TimelineBucket[] {
  const first = NOW - (endedAgo + seconds) * 1000
  return Array.from({ length: seconds }, (_, index) => ({
    at: first + index * 1000,
    byVersion: {},
    denied: 0,
    failed: 0,
    p50: 2.4,
    p95: 6.8,
    ...of(index)
  }))
}
