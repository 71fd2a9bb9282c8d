import {
  isRecordedEvent,
  type RecordEntry,
  type RecordedSecond,
  type ShoppingRecord,
  type TimelineBucket
} from '@bookstore/contract'
import { type ApiClient, createApiClient } from '../api/api-client.ts'
import type { Command } from '../command.ts'
import { addressOf } from '../ledger/addresses.ts'
import { csvOf, versionsOf } from '../migration/csv.ts'
import { timelinePage } from '../migration/page.ts'
import { oneOf, parsedBy, readOptions, wholeNumber } from '../options.ts'
import { parseMoment } from '../text/moment.ts'
import { table } from '../text/table.ts'

export const timeline: Command = {
  name: 'timeline',
  summary: 'what was bought in every second, from the record on disk too',
  help: `Usage: bookstore timeline [--url URL] [--seconds N | --since TIME [--until TIME]] [-o text|json|csv|html]

      --url URL       where the shopper is (default: the bookbuyer of the running bookstore up, else port 14001)
      --seconds N     how far back in memory, up to 86400 (default 60)
      --since TIME    from the record on disk (STATE_DIR), which outlives restarts: 2026-11-25T14:00:00Z, or
                      so long ago, such as 10m
      --until TIME    its end (default: now)
  -o, --output        text (default), json, csv, or html: one file with the picture in it

Exit code: 0 printed, 3 could not run.`,

  async run(args, context) {
    const { out, stop } = context
    const { values } = readOptions(args, {
      url: { type: 'string' },
      seconds: { type: 'string', default: '60' },
      since: { type: 'string' },
      until: { type: 'string' },
      output: { type: 'string', short: 'o', default: 'text' }
    })
    const output = oneOf('--output', values.output, ['text', 'json', 'csv', 'html'])
    const seconds = wholeNumber('--seconds', values.seconds, 1, 86_400)
    const now = Date.now()
    const to = parsedBy('--until', values.until ?? '0s', text => parseMoment(text, now))
    const { since } = values
    const from = since === undefined ? now - seconds * 1000 : parsedBy('--since', since, text => parseMoment(text, now))
    const url = await addressOf('bookbuyer', '--url', values.url, context)
    const api = createApiClient({ signal: stop })
    try {
      if (since === undefined && (output === 'json' || output === 'text')) {
        const buckets = await api.timeline(url, seconds)
        out(output === 'json' ? JSON.stringify(buckets, null, 2) : timelineTable(buckets.map(toSecond)))
        return 0
      }
      const record =
        since === undefined ? await inMemory(api, url, seconds) : await api.record(url, { since: from, until: to })
      out(printed(record, output, { from, to }))
    } finally {
      await api.close()
    }
    return 0
  }
}

function printed(
  record: ShoppingRecord,
  output: 'text' | 'json' | 'csv' | 'html',
  range: { readonly from: number; readonly to: number }
): string {
  if (output === 'json') return JSON.stringify(record, null, 2)
  if (output === 'csv') return csvOf(record)
  return output === 'html' ? timelinePage(record, range) : timelineTable(record.entries)
}

async function inMemory(api: ApiClient, url: string, seconds: number): Promise<ShoppingRecord> {
  const { app } = await api.snapshot(url)
  return { app, entries: (await api.timeline(url, seconds)).map(toSecond) }
}

function toSecond({ at, byVersion, denied, failed, p50, p95 }: TimelineBucket): RecordedSecond {
  return { at, bought: byVersion, denied, failed, ...(p50 !== null && { p50 }), ...(p95 !== null && { p95 }) }
}

/** One line a second: what was bought of each version, denied, failed, and the answer times; events between them. */
function timelineTable(entries: readonly RecordEntry[]): string {
  const tried = entries.filter(entry => isRecordedEvent(entry) || hasAttempts(entry))
  if (tried.length === 0) return 'nothing was tried in this time'
  const versions = versionsOf(tried.filter(entry => !isRecordedEvent(entry)))
  const rows = tried.map(entry => {
    const time = new Date(entry.at).toTimeString().slice(0, 8)
    if (isRecordedEvent(entry)) return [time, `${entry.event}: ${entry.text}`]
    const { bought = {}, denied = 0, failed = 0, p50, p95 } = entry
    const counts = versions.map(version => String(bought[version] ?? 0))
    return [time, ...counts, String(denied), String(failed), milliseconds(p50), milliseconds(p95)]
  })
  const lines = rows.filter(row => row.length > 2)
  const heading = ['time', ...versions, 'denied', 'failed', 'p50 ms', 'p95 ms']
  return withEvents(table(heading, lines).split('\n'), rows)
}

// an event is a line of its own: in a column it would make every second as wide as its text
function withEvents(lines: readonly string[], rows: readonly (readonly string[])[]): string {
  const seconds = lines.slice(1).values()
  const body = rows.map(row => (row.length > 2 ? (seconds.next().value ?? '') : row.join('  ')))
  return [lines[0], ...body].join('\n')
}

function hasAttempts({ bought = {}, denied = 0, failed = 0 }: RecordedSecond): boolean {
  return Object.values(bought).some(Boolean) || denied + failed > 0
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(1)
}
