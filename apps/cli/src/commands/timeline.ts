import type { TimelineBucket } from '@bookstore/contract'
import { createApiClient } from '../api/api-client.ts'
import type { Command } from '../command.ts'
import { addressOf } from '../ledger/addresses.ts'
import { oneOf, readOptions, wholeNumber } from '../options.ts'
import { table } from '../text/table.ts'

export const timeline: Command = {
  name: 'timeline',
  summary: 'what was bought in every second',
  help: `Usage: bookstore timeline [--url URL] [--seconds N] [--output text|json]

      --url URL       where the shopper is (default: the bookbuyer of the running bookstore up, else port 14001)
      --seconds N     how far back, up to 86400 (default 60)
  -o, --output        text (default) or json

Exit code: 0 printed, 3 could not run.`,

  async run(args, context) {
    const { out, stop } = context
    const { values } = readOptions(args, {
      url: { type: 'string' },
      seconds: { type: 'string', default: '60' },
      output: { type: 'string', short: 'o', default: 'text' }
    })
    const output = oneOf('--output', values.output, ['text', 'json'])
    const seconds = wholeNumber('--seconds', values.seconds, 1, 86_400)
    const url = await addressOf('bookbuyer', '--url', values.url, context)
    const api = createApiClient({ signal: stop })
    try {
      const buckets = await api.timeline(url, seconds)
      out(output === 'json' ? JSON.stringify(buckets, null, 2) : timelineTable(buckets))
    } finally {
      await api.close()
    }
    return 0
  }
}

/** One line a second: what was bought of each version, denied, failed, and the answer times. */
function timelineTable(buckets: readonly TimelineBucket[]): string {
  if (buckets.length === 0) return 'nothing was tried in this time'
  const versions = [...new Set(buckets.flatMap(({ byVersion }) => Object.keys(byVersion)))].sort((a, b) =>
    a.localeCompare(b, 'en', { numeric: true })
  )
  const rows = buckets.map(({ at, byVersion, denied, failed, p50, p95 }) => [
    new Date(at).toTimeString().slice(0, 8),
    ...versions.map(version => String(byVersion[version] ?? 0)),
    String(denied),
    String(failed),
    milliseconds(p50),
    milliseconds(p95)
  ])
  return table(['time', ...versions, 'denied', 'failed', 'p50 ms', 'p95 ms'], rows)
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : value.toFixed(1)
}
