const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const LONGEST_MS = 24 * 3_600_000

/**
 * Milliseconds of `500ms`, `60s`, `2m`, `1h`, or of seconds without a unit; at most a day.
 * Throws an Error that says what was expected.
 */
export function parseDuration(text: string): number {
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? []
  const duration = Number(number) * (UNITS[unit] ?? Number.NaN)
  if (duration >= 0 && duration <= LONGEST_MS) return duration
  throw new Error(`expected a duration such as 500ms, 60s or 2m of at most 24h, got "${text}"`)
}

/** `500 ms`, `2.8 s`, `60 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  return `${Number((ms / 1000).toFixed(1))} s`
}
