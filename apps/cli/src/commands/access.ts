import type { Snapshot } from '@bookstore/contract'
import { createApiClient } from '../api/api-client.ts'
import type { Command } from '../command.ts'
import { addressOf } from '../ledger/addresses.ts'
import { oneOf, readOptions } from '../options.ts'
import { table } from '../text/table.ts'
import { statusWord } from '../text/verdict-text.ts'

export const access: Command = {
  name: 'access',
  summary: 'whether buyer and thief are allowed and denied as expected',
  help: `Usage: bookstore access [--buyer URL] [--thief URL] [--output text|json]

      --buyer URL     where the bookbuyer is (default: that of the running bookstore up, else port 14001)
      --thief URL     where the bookthief is (default: that of the running bookstore up, else port 14014)
  -o, --output        text (default) or json

Exit code: 0 as expected or not known yet, 1 otherwise than expected, 2 a mistake on the command line, 3 could not run.`,

  async run(args, context) {
    const { values } = readOptions(args, {
      buyer: { type: 'string' },
      thief: { type: 'string' },
      output: { type: 'string', short: 'o', default: 'text' }
    })
    const output = oneOf('--output', values.output, ['text', 'json'])
    const urls = await Promise.all([
      addressOf('bookbuyer', '--buyer', values.buyer, context),
      addressOf('bookthief', '--thief', values.thief, context)
    ])
    const api = createApiClient({ signal: context.stop })
    try {
      const snapshots = await Promise.all(urls.map(api.snapshot))
      context.out(output === 'json' ? asJson(snapshots) : accessTable(snapshots))
      return snapshots.some(({ access }) => access.status === 'fail') ? 1 : 0
    } finally {
      await api.close()
    }
  }
}

/** A line for each shopper: what it expects, what it met, and the verdict. */
function accessTable(snapshots: readonly Snapshot[]): string {
  const rows = snapshots.map(({ app, access, counts }) => [
    app,
    String(access.expected),
    String(counts.bought),
    String(counts.denied),
    String(counts.failed),
    statusWord(access.status),
    access.reason
  ])
  return table(['who', 'expects', 'bought', 'denied', 'failed', 'verdict', 'reason'], rows)
}

function asJson(snapshots: readonly Snapshot[]): string {
  const entries = snapshots.map(({ app, access }) => [app, access])
  return JSON.stringify(Object.fromEntries(entries), null, 2)
}
