import { parseDuration } from './duration.ts'

/**
 * A moment in ms since the epoch: a time such as `2026-11-25T14:00:00Z`, or so long ago, such as `10m`. Throws an Error
 * that says what was expected.
 */
export function parseMoment(text: string, now: number): number {
  if (/^\d+(\.\d+)?(ms|s|m|h)$/.test(text)) return now - parseDuration(text)
  const at = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isFinite(at)) return at
  throw new Error(`expected a time such as 2026-11-25T14:00:00Z, or so long ago, such as 10m, got "${text}"`)
}
