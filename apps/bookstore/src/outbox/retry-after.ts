/**
 * Milliseconds to wait by a Retry-After header, at least 0; undefined when it is absent or not readable.
 * Both forms of RFC 9110 section 10.2.3: seconds, or a date, which is compared with `now` (ms since the epoch).
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  // Date.parse alone would take "-5" and "1.5" for dates
  const at = /^[A-Za-z]{3,9}, /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
