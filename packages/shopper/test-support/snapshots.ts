import type { Snapshot, Split, TimelineBucket } from '@bookstore/contract'
import { judgeAccess, judgeCounts } from '@bookstore/verdict'

/** The moment of all examples. */
const NOW = '2026-11-23T08:30:00.000Z'

/** A state to render: what a page gets. */
export interface Example {
  readonly snapshot: Snapshot
  readonly timeline: readonly TimelineBucket[]
}

const EVEN: Split = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }
const SOURCE = {
  kind: 'local-mesh',
  detail: 'TrafficSplit bookstore/bookstore in traffic-split-50-50.yaml'
} as const

const POLICIES = {
  kind: 'local-mesh',
  inForce: [
    'bookbuyer/bookbuyer may GET /books-bought and /buy-a-book of bookstore/bookstore (traffic-access-v1.yaml)',
    'bookstore/bookstore and bookstore/bookstore-v2 may POST /restock-books of bookwarehouse/bookwarehouse (traffic-access-v1.yaml)',
    'requests to bookstore/bookstore split bookstore-v1 50 %, bookstore-v2 50 % (traffic-split-50-50.yaml)'
  ],
  lastChange: { at: minutesAgo(3), text: 'traffic-split-50-50.yaml was added' },
  problems: [],
  denial: null
} as const

const LOCAL_MESH = {
  mesh: 'local mesh',
  evidence: 'POLICY_DIR is set: this program applies the policies itself, in its HTTP client',
  identityProof: 'none: the local mesh is for learning and encrypts nothing'
} as const

/** Everything an example may differ in; the rest follows from it. */
export interface ExampleParts {
  readonly declared?: Split | null
  readonly counts?: Readonly<Record<string, number>>
  readonly denied?: number
  readonly failed?: number
  readonly overrides?: Partial<Snapshot>
  readonly timeline?: readonly TimelineBucket[]
}

/** An example of a buyer's state; verdicts are judged from the counts. */
export function buyerExample({
  declared = EVEN,
  counts = {},
  denied = 0,
  failed = 0,
  overrides = {},
  timeline = []
}: ExampleParts = {}): Example {
  const bought = Object.values(counts).reduce((sum, number) => sum + number, 0)
  const judged = judgeCounts({ declared: declared ?? EVEN, counts })
  const verdict = declared === null ? withoutDeclaration(judged) : judged
  const source = declared === null ? ({ kind: 'none', detail: '' } as const) : SOURCE
  const access = judgeAccess(
    { asExpected: bought, otherwise: denied, unclear: failed },
    { expected: 'allowed' }
  )
  const snapshot: Snapshot = {
    app: 'bookbuyer',
    identity: 'Bookbuyer',
    at: NOW,
    startedAt: minutesAgo(12),
    headline: {
      status: verdict.status,
      title: TITLES[verdict.status],
      text: verdict.reason
    },
    counts: {
      bought,
      denied,
      failed,
      byVersion: counts,
      byDenial: denied > 0 ? { '403': denied } : {},
      byFailure: failed > 0 ? { ECONNREFUSED: failed } : {}
    },
    declared: { split: declared, source },
    verdict,
    access: {
      ...access,
      expected: 'allowed',
      source: 'a buyer should be let in',
      since: minutesAgo(3)
    },
    window: {
      id: 1,
      from: minutesAgo(3),
      to: null,
      declared,
      source,
      status: verdict.status,
      reason: verdict.reason,
      purchases: bought,
      settling: false,
      convergence: null,
      staleAnswers: 0
    },
    earlierWindows: [],
    latency: Object.fromEntries(
      Object.keys(counts).map((version, index) => [
        version,
        { p50: 2.4 + index, p95: 6.8 + 3 * index }
      ])
    ),
    policies: POLICIES,
    mesh: LOCAL_MESH,
    ledger: {
      stores: Object.entries(counts).map(([version, sold]) => ({
        instance: `${version}-6d5f9c7b8-x2k4q`,
        version,
        sold,
        restocked: sold,
        outbox: 0,
        boughtHere: sold
      })),
      warehouseTotal: bought === 0 ? null : bought
    },
    pace: { purchasesPerSecond: 10, concurrency: 1 },
    burst: null,
    lastOutcome: bought === 0 ? null : LAST_BOUGHT,
    ...overrides
  }
  return { snapshot, timeline }
}

/** A thief's state on top of a buyer's: the same shopper, who expects to be denied. */
export function thiefExample(parts: ExampleParts & { readonly stolen?: number } = {}): Example {
  const { stolen = 0, denied = 0, failed = 0 } = parts
  const counts = stolen > 0 ? { 'bookstore-v1': stolen } : {}
  const { snapshot, timeline } = buyerExample({ ...parts, declared: null, counts })
  const access = judgeAccess(
    { asExpected: denied, otherwise: stolen, unclear: failed },
    { expected: 'denied' }
  )
  const denial =
    'No TrafficTarget names bookthief/bookthief as a source for bookstore/bookstore, and permissive mode is off.'
  return {
    timeline,
    snapshot: {
      ...snapshot,
      app: 'bookthief',
      identity: 'Bookthief',
      headline: {
        status: access.status,
        title: stolen > 0 ? 'The thief gets in' : 'Denied, as expected',
        text: `${access.reason}.${denied > 0 ? ` ${denial}` : ''}`
      },
      access: {
        ...access,
        expected: 'denied',
        source: 'a thief should be denied',
        since: minutesAgo(3)
      },
      policies: { ...snapshot.policies, denial: denied > 0 ? denial : null },
      lastOutcome:
        denied > 0
          ? { at: secondsAgo(1), kind: 'denied', text: 'denied: 403' }
          : snapshot.lastOutcome,
      ...parts.overrides
    }
  }
}

/** Time before the moment of the examples, ISO 8601. */
export function minutesAgo(minutes: number): string {
  return secondsAgo(minutes * 60)
}

/** Time before the moment of the examples, ISO 8601. */
export function secondsAgo(seconds: number): string {
  return new Date(Date.parse(NOW) - seconds * 1000).toISOString()
}

/** Buckets of the last `seconds` until `endedAgo` seconds before now; `of` gives what happened in each, by its index. */
export function buckets(
  seconds: number,
  of: (index: number) => Partial<TimelineBucket>,
  endedAgo = 0
): readonly TimelineBucket[] {
  const first = Date.parse(NOW) - (endedAgo + seconds) * 1000
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

/** Ten purchases, shared by weights with a repeatable scatter, as a mesh would. */
export function scattered(weights: Split, index: number): Readonly<Record<string, number>> {
  const shared: Record<string, number> = {}
  for (let purchase = 0; purchase < 10; purchase++) {
    let rest = pseudoRandom(index * 10 + purchase)
    const version = Object.keys(weights).find(name => {
      rest -= weights[name] ?? 0
      return rest < 0
    })
    if (version !== undefined) shared[version] = (shared[version] ?? 0) + 1
  }
  return shared
}

const TITLES = {
  pass: 'The mesh splits as declared',
  fail: 'The mesh does not split as declared',
  pending: 'Still counting'
} as const

const LAST_BOUGHT = {
  at: secondsAgo(0),
  kind: 'bought',
  text: 'bought a book from bookstore-v2'
} as const

function withoutDeclaration(verdict: Snapshot['verdict']): Snapshot['verdict'] {
  return {
    ...verdict,
    status: 'pending',
    reason: `no split is declared; ${verdict.purchases} purchases counted`,
    missing: null,
    causes: [],
    versions: verdict.versions
      .filter(({ count }) => count > 0)
      .map(version => ({ ...version, declared: null, unknown: false }))
  }
}

// the fractional part of a sine: even enough for pictures, and the same each time
function pseudoRandom(seed: number): number {
  const value = Math.sin(seed * 12.9898) * 43758.5453
  return value - Math.floor(value)
}
