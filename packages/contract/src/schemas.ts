import { judged } from './judged-schemas.ts'
import { PROMISE_STATUSES, PROMISES } from './promises.ts'
import { count, counts, listOf, mapOf, nullable, number, object, type Schema, text, time } from './schema-parts.ts'

const policies = object({
  kind: { enum: ['none', 'local-mesh', 'cluster'] },
  inForce: listOf(text),
  lastChange: nullable(object({ at: time, text })),
  problems: listOf(text),
  denial: nullable(text),
  revision: nullable(text)
})

const store = object({
  instance: text,
  version: text,
  sold: count,
  restocked: count,
  outbox: count,
  boughtHere: count,
  faults: text
})

const snapshot = object({
  ...judged,
  app: { enum: ['bookbuyer', 'bookthief'] },
  identity: text,
  at: time,
  startedAt: time,
  counts: object({
    bought: count,
    denied: count,
    failed: count,
    byVersion: counts,
    byDenial: counts,
    byFailure: counts
  }),
  latency: mapOf(object({ p50: number, p95: number })),
  policies,
  mesh: nullable(object({ mesh: text, evidence: text, identityProof: text })),
  ledger: object({ stores: listOf(store), warehouseTotal: nullable(count) }),
  pace: object({ purchasesPerSecond: number, concurrency: count }),
  burst: nullable(object({ running: { type: 'boolean' }, done: count, total: count })),
  lastOutcome: nullable(object({ at: time, kind: { enum: ['bought', 'denied', 'failed'] }, text }))
})

const bucket = object({
  at: { type: 'integer' },
  byVersion: counts,
  denied: count,
  failed: count,
  p50: nullable(number),
  p95: nullable(number)
})

const attempt = object({
  at: number,
  ms: number,
  status: count,
  outcome: { enum: ['bought', 'denied', 'failed'] },
  version: text,
  instance: text,
  isOverload: { type: 'boolean' }
})

const request = { method: { enum: ['GET', 'POST'] }, path: text }

const cell = object({ source: text, destination: text, ...request, allowed: { type: 'boolean' }, why: text })

const probed = object({ to: text, ...request, status: nullable(count), by: nullable(text), detail: text })

const proven = object({
  name: { enum: PROMISES },
  status: { enum: PROMISE_STATUSES },
  declaredBy: text,
  seen: text,
  reason: text,
  todo: text
})

const difference = nullable(object({ at: time, text, removed: listOf(text), added: listOf(text) }))

/** JSON Schemas (2020-12) of what the API answers and takes, served at `GET /api/schema` and held by a test. */
export const API_SCHEMAS: Readonly<Record<string, Schema>> = {
  snapshot,
  verdict: object(judged),
  timeline: object({ buckets: listOf(bucket) }),
  burst: object({
    purchases: { type: 'integer', minimum: 1, maximum: 10_000, default: 5000 },
    concurrency: { type: 'integer', minimum: 1, maximum: 64, default: 16 }
  }),
  attempts: object({
    progress: nullable(object({ running: { type: 'boolean' }, done: count, total: count })),
    attempts: listOf(attempt)
  }),
  egress: object({
    requests: listOf(object({ url: text, status: count, error: text, isFromProxy: { type: 'boolean' } }))
  }),
  lesson: object({
    hand: { enum: ['here', 'bookstore', 'kubectl'] },
    steps: listOf(object({ id: text, title: text, command: text, isInForce: { type: 'boolean' } })),
    difference
  }),
  lessonAnswer: object({ applied: { type: 'boolean' }, command: text, results: listOf(text), difference }),
  access: object({ cells: listOf(cell) }),
  probe: object({ source: text, results: listOf(probed) }),
  proof: object({ results: listOf(proven) }),
  declare: object({
    split: nullable({ type: 'string', examples: ['bookstore-v1=50,bookstore-v2=50'] })
  })
}
