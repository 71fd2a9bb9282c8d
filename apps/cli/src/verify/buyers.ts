import { setTimeout as sleep } from 'node:timers/promises'
import { formatSplit, type Snapshot, type SplitVerdict, sameSplit } from '@bookstore/contract'
import { combineVerdicts, reasonWithOutlook } from '@bookstore/verdict'
import type { ApiClient } from '../api/api-client.ts'
import { CommandError } from '../command.ts'
import { type Check, overall } from './checks.ts'
import { type Endpoint, endpointsOf, type Resolve } from './endpoints.ts'
import { type Waiting, waitUntilReachable } from './reachable.ts'
import type { Report } from './report.ts'
import { BURST_CONCURRENCY } from './verify.ts'

export interface BuyersOptions extends Waiting {
  /** Where the buyers are; a name with several addresses, such as a headless Service, is all of them. */
  readonly urls: readonly string[]
  /** Purchases that they are asked for at once, all together; 0 for none. */
  readonly burst: number
  readonly timeoutMs: number
  readonly api: Pick<ApiClient, 'snapshot' | 'burst'>
  /** Told after every look, for a progress line. */
  readonly progress: (checks: readonly Check[]) => void
  readonly resolve?: Resolve
}

/**
 * Looks at several buyers until their windows together say pass or fail, or the time is up (then `pending`).
 * @throws CommandError when one is out of reach, when two are the same, or when they do not expect the same
 */
export async function verifyBuyers(options: BuyersOptions): Promise<Report> {
  const { timeoutMs, api, signal, progress, lookEveryMs = 250 } = options
  // a name may have its addresses a moment later
  await waitUntilReachable(async () => answersOf(await resolved(options), api), options)
  const buyers = await resolved(options)
  const urls = buyers.map(({ url }) => url)
  const startedAt = performance.now()
  let isBurstDue = options.burst > 0
  for (;;) {
    const snapshots = await snapshotsOf(buyers, api)
    const checks = checksOf(urls, snapshots)
    progress(checks)
    const status = overall(checks)
    const seconds = (performance.now() - startedAt) / 1000
    if (status !== 'pending' || seconds * 1000 >= timeoutMs) {
      const problems = snapshots.flatMap(({ policies }, at) =>
        policies.problems.map(problem => `${urls[at]}: ${problem}`)
      )
      return { url: urls.join(','), judged: `judged: ${urls.join(', ')}`, problems, status, checks, seconds }
    }
    if (isBurstDue && !snapshots.some(({ window }) => window.settling)) {
      isBurstDue = false
      const size = { purchases: Math.ceil(options.burst / buyers.length), concurrency: BURST_CONCURRENCY }
      await Promise.all(buyers.map(({ url, host }) => api.burst(url, size, host)))
    }
    await sleep(lookEveryMs, undefined, { signal })
  }
}

async function resolved({ urls, resolve }: BuyersOptions): Promise<readonly Endpoint[]> {
  return (await Promise.all(urls.map(url => endpointsOf(url, resolve)))).flat()
}

function answersOf(buyers: readonly Endpoint[], api: BuyersOptions['api']): Promise<readonly Snapshot[]> {
  return Promise.all(buyers.map(({ url, host }) => api.snapshot(url, host)))
}

async function snapshotsOf(buyers: readonly Endpoint[], api: BuyersOptions['api']): Promise<readonly Snapshot[]> {
  const snapshots = await answersOf(buyers, api)
  const starts = snapshots.map(({ startedAt }) => startedAt)
  const twice = starts.findIndex((start, at) => starts.indexOf(start) !== at)
  if (twice === -1) return snapshots
  throw new CommandError(
    `${buyers[twice]?.url} and ${buyers[starts.indexOf(starts[twice] ?? '')]?.url} are one buyer (started at ` +
      `${starts[twice]}), whose purchases would count twice: name each buyer once, and none behind a balancer`
  )
}

function checksOf(urls: readonly string[], snapshots: readonly Snapshot[]): readonly Check[] {
  const [first] = snapshots
  const [firstUrl = ''] = urls
  if (first === undefined) return []
  const { split } = first.declared
  if (split === null) throw new CommandError(`${firstUrl}: no split is declared there`)
  for (const [at, { declared, verdict }] of snapshots.entries()) {
    const isSame = declared.split !== null && sameSplit(declared.split, split)
    if (!isSame || verdict.alpha !== first.verdict.alpha || verdict.tolerance !== first.verdict.tolerance) {
      const told = declared.split === null ? 'nothing' : formatSplit(declared.split)
      throw new CommandError(
        `${urls[at]} expects ${told} ± ${verdict.tolerance * 100} points at alpha ${verdict.alpha}, and ${firstUrl} ` +
          `${formatSplit(split)} ± ${first.verdict.tolerance * 100} at ${first.verdict.alpha}: they cannot be judged together`
      )
    }
  }
  const { alpha, tolerance } = first.verdict
  const buyers = snapshots.map(({ verdict }, at) => ({ name: urls[at] ?? '', verdict }))
  const verdict = combineVerdicts({ declared: split, alpha, tolerance, buyers })
  const settling = snapshots.findIndex(({ window }) => window.settling)
  const name = `split ${formatSplit(split)}`
  return [
    settling === -1 ? check(name, verdict) : check(name, held(verdict, urls[settling] ?? '')),
    ...healthOf(urls, snapshots)
  ]
}

function check(name: string, verdict: SplitVerdict): Check {
  return { name, status: verdict.status, reason: reasonWithOutlook(verdict), verdict, judgedOn: "the shopper's window" }
}

function held(verdict: SplitVerdict, url: string): SplitVerdict {
  return { ...verdict, status: 'pending', reason: `${url} settles after a change`, missing: null }
}

// a verdict rests on the past: a shop that is broken now does not pass
function healthOf(urls: readonly string[], snapshots: readonly Snapshot[]): readonly Check[] {
  return snapshots.flatMap(({ health }, at) =>
    health.status === 'degraded'
      ? [
          {
            name: 'health now',
            status: 'pending' as const,
            reason: `${urls[at]}: ${health.reason}`,
            verdict: null,
            judgedOn: 'this run' as const
          }
        ]
      : []
  )
}
