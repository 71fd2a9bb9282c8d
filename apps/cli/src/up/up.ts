import { existsSync, readFileSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { aborted, pause } from '@bookstore/common'
import { createApiClient } from '../api/api-client.ts'
import { CommandError, type Context } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { cut } from '../text/cut.ts'
import { table } from '../text/table.ts'
import { type Crash, type Fleet, startFleet } from './fleet.ts'
import { problemLines, purchaseLine, type Seen } from './purchase-line.ts'
import { keepRunFile, removeRunFile, writeRunFile } from './run-file.ts'
import type { ServiceSpec } from './service-spec.ts'

/** What to run, decided and checked beforehand. */
export interface UpOptions {
  readonly specs: readonly ServiceSpec[]
  readonly dataDir: string
  readonly policyDir: string
  readonly pid: number
  /** Milliseconds that all services have to listen. */
  readonly startMs?: number
  /** Milliseconds that all services have to end; 2 s is what a person waits after Ctrl-C. */
  readonly stopMs?: number
}

/**
 * Runs the services until a stop is asked for or one of them ends by itself; none is left when it returns.
 * Gives the exit code: 0 after a stop, 1 after a crash, 3 when a service could not start; its last words are printed.
 */
export async function runUp(
  { specs, dataDir, policyDir, pid, startMs = 60_000, stopMs = 1_500 }: UpOptions,
  context: Context
): Promise<number> {
  const { out, err, stop } = context
  const stopped = aborted(stop)
  const urls = Object.fromEntries(specs.map(({ name, url }) => [name, url]))
  const fleet = startFleet(specs)
  try {
    const told = () => ({ pid, policyDir, urls, pids: fleet.pids })
    writeRunFile(dataDir, told())
    const ended = Promise.race([fleet.crash, stopped])
    const crash = await Promise.race([ended, started(fleet, startMs, stop)])
    if (crash) return tellCrash(crash, err)
    if (stop.aborted) return 0
    writeRunFile(dataDir, told())
    out(runningText(specs, policyDir))
    // else it would be written at the stop, while somebody waits
    flushCompileCache()
    const reporting = new AbortController()
    const eachSecond = () => keepRunFile(dataDir, told())
    const report = tellPurchases({ urls, eachSecond }, context, AbortSignal.any([stop, reporting.signal]))
    const lateCrash = await ended
    reporting.abort()
    await report
    return lateCrash ? tellCrash(lateCrash, err) : 0
  } finally {
    await fleet.stop(stopMs)
    removeRunFile(dataDir, pid)
    out('stopped')
  }
}

async function started(fleet: Fleet, startMs: number, stop: AbortSignal): Promise<undefined> {
  const late = new AbortController()
  // without a reference: after a crash nobody waits for this time to pass
  const over = AbortSignal.any([stop, late.signal])
  const deadline = pause(startMs, over, { ref: false }).then(() => {
    if (over.aborted) return
    throw new CommandError(`not every service listens after ${startMs / 1000} s; see their logs`)
  })
  await Promise.race([fleet.listening, deadline])
  late.abort()
}

function runningText(specs: readonly ServiceSpec[], policyDir: string): string {
  const rows = specs.map(({ name, url, metricsUrl, logFile }) => [name, url, metricsUrl ?? '-', logFile])
  return `
${table(['service', 'address', 'metrics', 'log'], rows)}

The page is ${specs[0]?.url}; policies are in ${policyDir} (npx bookstore policies says what they mean).
Ctrl-C stops everything.
`
}

async function tellPurchases(
  { urls, eachSecond }: { readonly urls: Readonly<Record<string, string>>; readonly eachSecond: () => void },
  { out, columns }: Pick<Context, 'out' | 'columns'>,
  signal: AbortSignal
): Promise<void> {
  const api = createApiClient({ signal })
  const look = async (url: string | undefined): Promise<Seen | null> =>
    url === undefined ? null : api.snapshot(url).catch(() => null)
  let before: readonly [Seen | null, Seen | null] = [null, null]
  for await (const _ of everySecond(signal)) {
    const now = await Promise.all([look(urls['bookbuyer']), look(urls['bookthief'])])
    if (signal.aborted) break
    eachSecond()
    out(cut(purchaseLine(new Date(), [before[0], now[0]], [before[1], now[1]]), columns))
    for (const line of problemLines(before[0], now[0])) out(line)
    before = now
  }
  await api.close()
}

async function* everySecond(signal: AbortSignal): AsyncGenerator<void> {
  while (!signal.aborted) {
    yield
    await pause(1000, signal)
  }
}

function tellCrash({ spec, started, how }: Crash, err: (text: string) => void): number {
  const what = started ? 'ended by itself' : 'could not start'
  err(`${spec.name} ${what} (${how}); everything else is stopped. The end of ${spec.logFile}:\n`)
  // somebody may have deleted the folder meanwhile
  const log = existsSync(spec.logFile) ? readFileSync(spec.logFile, 'utf8') : 'the log is gone'
  const lines = log.trimEnd().split('\n').slice(-8)
  for (const line of lines) err(`  ${line.slice(0, 400)}\n`)
  return started ? EXIT.NO : EXIT.COULD_NOT_RUN
}
