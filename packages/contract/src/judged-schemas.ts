import { count, listOf, nullable, number, object, share, split, status, text, time } from './schema-parts.ts'

const source = object({
  kind: { enum: ['env', 'local-mesh', 'page', 'cluster', 'cli', 'none'] },
  detail: text
})

const version = object({
  version: text,
  declared: nullable(share),
  count,
  share,
  low: share,
  high: share,
  unknown: { type: 'boolean' }
})

const verdict = object({
  status,
  reason: text,
  purchases: count,
  alpha: share,
  tolerance: share,
  logE: { type: ['number', 'null'], description: 'ln e; null after an impossible purchase' },
  alarmAt: nullable(count),
  missing: nullable(count),
  versions: listOf(version),
  causes: listOf({ type: 'object', required: ['code', 'text'] })
})

const access = object({
  status,
  reason: text,
  attempts: count,
  upperBound: share,
  missing: nullable(count),
  expected: { type: ['string', 'integer'] },
  source: text,
  since: time,
  counts: object({ bought: count, denied: count, failed: count })
})

const health = object({
  status: { enum: ['ok', 'degraded', 'unknown'] },
  reason: text,
  seconds: count,
  bought: count,
  denied: count,
  failed: count,
  byVersion: { type: 'object', additionalProperties: count },
  silent: listOf(object({ version: text, seconds: count }))
})

const alarm = object({ chance: share, isProven: { type: 'boolean' }, isLeftBehind: { type: 'boolean' } })

const window = object({
  id: count,
  from: time,
  to: nullable(time),
  declared: split,
  source,
  status,
  reason: text,
  purchases: count,
  settling: { type: 'boolean' },
  convergence: nullable(text),
  convergenceSeconds: nullable(number),
  staleAnswers: count
})

/** What is judged, and by what; parts of the snapshot and all of the verdict. */
export const judged = {
  health,
  alarm: nullable(alarm),
  headline: object({
    status: { enum: ['pass', 'fail', 'pending', 'broken'] },
    title: text,
    text
  }),
  declared: object({ split, source }),
  verdict,
  access,
  window,
  earlierWindows: listOf(window)
}
