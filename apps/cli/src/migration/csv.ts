import { isRecordedEvent, type RecordedSecond, type ShoppingRecord } from '@bookstore/contract'

/**
 * The seconds of a record as CSV with a heading (RFC 4180): time, one column for each version, then denied, failed, p50
 * and p95 in ms, the proxies of the answers, and answers with a proved identity.
 */
export function csvOf({ entries }: ShoppingRecord): string {
  const seconds = entries.filter((entry): entry is RecordedSecond => !isRecordedEvent(entry))
  const versions = versionsOf(seconds)
  const heading = ['time', ...versions, 'denied', 'failed', 'p50_ms', 'p95_ms', 'proxies', 'proven']
  const rows = seconds.map(
    ({ at, bought = {}, denied = 0, failed = 0, p50 = '', p95 = '', proxies = {}, proven = 0 }) => [
      new Date(at).toISOString(),
      ...versions.map(version => bought[version] ?? 0),
      denied,
      failed,
      p50,
      p95,
      Object.keys(proxies).join(' '),
      proven
    ]
  )
  return [heading, ...rows].map(row => row.map(cell).join(',')).join('\r\n')
}

/** The versions that seconds tell of, in the order of their numbers. */
export function versionsOf(seconds: readonly RecordedSecond[]): readonly string[] {
  const names = new Set(seconds.flatMap(({ bought = {} }) => Object.keys(bought)))
  return [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

// a name that came over the wire must not become a formula in a spreadsheet
function cell(value: string | number): string {
  const text = typeof value === 'number' ? String(value) : value.replace(/^[=+\-@\t\r]/, "'$&")
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
