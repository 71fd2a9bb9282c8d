import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '@bookstore/contract'
import { type ApiClient, createApiClient } from '../api/api-client.ts'
import type { Command, Context } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { type FoundService, findService } from '../ledger/addresses.ts'
import { oneOf, parsedBy, readOptions } from '../options.ts'
import { parseDuration } from '../text/duration.ts'
import { judgedLine } from '../text/judged-line.ts'
import { table } from '../text/table.ts'
import { exitCodeOf, NOT_JUDGED, statusWord } from '../text/verdict-text.ts'
import { overall } from '../verify/checks.ts'

const LOOK_EVERY_MS = 250

export const access: Command = {
  name: 'access',
  summary: 'whether buyer and thief are allowed and denied as expected',
  help: `Usage: bookstore access [--buyer URL] [--thief URL] [--timeout DURATION] [--output text|json]

Counts the attempts since the last change of what is expected, those on older connections left out.

      --buyer URL     where the bookbuyer is (default: that of the running bookstore up, else port 14001)
      --thief URL     where the bookthief is (default: that of the running bookstore up, else port 14014)
      --timeout DURATION   how long to wait until both are known, such as 2m (default 0s); 90 attempts are enough
      --allow-unreadable-policies   judge by the last policies that could be read; else the code is 3 when some cannot
  -o, --output        text (default) or json

Exit code: 0 as expected, 1 otherwise than expected, 2 not known yet, 3 could not run.`,

  async run(args, context) {
    const { values } = readOptions(args, {
      buyer: { type: 'string' },
      thief: { type: 'string' },
      timeout: { type: 'string', default: '0s' },
      'allow-unreadable-policies': { type: 'boolean', default: false },
      output: { type: 'string', short: 'o', default: 'text' }
    })
    const output = oneOf('--output', values.output, ['text', 'json'])
    const buyer = await findService('bookbuyer', '--buyer', values.buyer, context)
    const thief = await findService('bookthief', '--thief', values.thief, context)
    const urls = [buyer.url, thief.url]
    const api = createApiClient({ signal: context.stop })
    try {
      const snapshots = await decidedSnapshots(urls, api, parsedBy('--timeout', values.timeout, parseDuration), context)
      const problems = [...new Set(snapshots.flatMap(({ policies }) => policies.problems))]
      const isRefused = problems.length > 0 && !values['allow-unreadable-policies']
      const exitCode = isRefused ? EXIT.COULD_NOT_RUN : exitCodeOf(overall(snapshots.map(({ access }) => access)))
      if (output === 'json') context.out(asJson(snapshots, { problems, exitCode }))
      else context.out([...(isRefused ? [NOT_JUDGED] : []), accessTable(snapshots, [buyer, thief])].join('\n'))
      for (const problem of problems) context.err(`the last good policies decided: ${problem}\n`)
      return exitCode
    } finally {
      await api.close()
    }
  }
}

async function decidedSnapshots(
  urls: readonly string[],
  api: ApiClient,
  timeoutMs: number,
  { stop }: Context
): Promise<readonly Snapshot[]> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const snapshots = await Promise.all(urls.map(url => api.snapshot(url)))
    if (overall(snapshots.map(({ access }) => access)) !== 'pending' || performance.now() >= deadline) return snapshots
    await sleep(LOOK_EVERY_MS, undefined, { signal: stop })
  }
}

/** A line for each shopper: what it expects, what it met, and the verdict. */
function accessTable(snapshots: readonly Snapshot[], services: readonly FoundService[]): string {
  const rows = snapshots.map(({ app, access }) => [
    app,
    String(access.expected),
    String(access.counts.bought),
    String(access.counts.denied),
    String(access.counts.failed),
    statusWord(access.status),
    access.reason
  ])
  const judged = snapshots.map((snapshot, at) => judgedLine(snapshot, services[at]))
  return [accessRows(rows), ...judged].join('\n')
}

function accessRows(rows: readonly (readonly string[])[]): string {
  return table(['who', 'expects', 'bought', 'denied', 'failed', 'verdict', 'reason'], rows)
}

function asJson(
  snapshots: readonly Snapshot[],
  outcome: { readonly problems: readonly string[]; readonly exitCode: number }
): string {
  const entries = snapshots.map(({ app, access }) => [app, access])
  return JSON.stringify({ ...Object.fromEntries(entries), ...outcome }, null, 2)
}
