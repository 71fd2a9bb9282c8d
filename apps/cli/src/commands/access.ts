import { setTimeout as sleep } from 'node:timers/promises'
import type { Snapshot } from '@bookstore/contract'
import { type Probed, probeAccess } from '../access/probe-access.ts'
import { type ApiClient, createApiClient } from '../api/api-client.ts'
import { type Command, CommandError, type Context } from '../command.ts'
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
       bookstore access --probe [--buyer URL] [--thief URL] [--store URL ...] [--warehouse URL]

Counts the attempts since the last change of what is expected, those on older connections left out.
With --probe every service tries each of its peers once, on fresh connections, with the requests that the shop
sends; no book is bought by it. Each is compared with what the policies say that the buyer knows, and each that
differs is explained. The sources are those whose address is given; without any, the whole shop.

      --buyer URL     where the bookbuyer is (default: that of the running bookstore up, else port 14001)
      --thief URL     where the bookthief is (default: that of the running bookstore up, else port 14014)
      --timeout DURATION   how long to wait until both are known, such as 2m (default 0s); 90 attempts are enough
      --allow-unreadable-policies   judge by the last policies that could be read; else the code is 3 when some cannot
      --probe         try every pair of the shop
      --store URL, --warehouse URL   where further services are, with --probe; --store may be repeated
  -o, --output        text (default) or json

Exit code: 0 as expected, 1 otherwise than expected, 2 not known yet, 3 could not run, as when nobody answers.`,

  async run(args, context) {
    const { values } = readOptions(args, {
      buyer: { type: 'string' },
      thief: { type: 'string' },
      timeout: { type: 'string', default: '0s' },
      'allow-unreadable-policies': { type: 'boolean', default: false },
      probe: { type: 'boolean', default: false },
      store: { type: 'string', multiple: true },
      warehouse: { type: 'string' },
      output: { type: 'string', short: 'o', default: 'text' }
    })
    const output = oneOf('--output', values.output, ['text', 'json'])
    if (values.probe) return await probed(values, output, context)
    if (values.store || values.warehouse) throw new CommandError('--store and --warehouse go with --probe')
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

async function probed(
  { 'allow-unreadable-policies': isLenient, ...urls }: Probed & { readonly 'allow-unreadable-policies': boolean },
  output: 'text' | 'json',
  context: Context
): Promise<number> {
  const api = createApiClient({ signal: context.stop })
  try {
    return await probeAccess(api, urls, { output, context, isLenient })
  } finally {
    await api.close()
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
