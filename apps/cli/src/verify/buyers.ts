import { lookup } from 'node:dns/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatSplit, type Snapshot, type SplitVerdict, sameSplit } from '@bookstore/contract'
import { combineVerdicts } from '@bookstore/verdict'
import type { ApiClient } from '../api/api-client.ts'
import { CommandError } from '../command.ts'
import { type Check, overall } from './checks.ts'
import type { Report } from './report.ts'

export interface BuyersOptions {
  /** Where the buyers are; a name with several addresses, such as a headless Service, is all of them. */
  readonly urls: readonly string[]
  readonly timeoutMs: number
  readonly api: Pick<ApiClient, 'snapshot'>
  readonly signal: AbortSignal
  /** Told after every look, for a progress line. */
  readonly progress: (checks: readonly Check[]) => void
  readonly lookEveryMs?: number
}

/**
 * Looks at several buyers until their windows together say pass or fail, or the time is up (then `pending`).
 * @throws CommandError when one is out of reach, or when they do not expect the same
 */
export async function verifyBuyers(options: BuyersOptions): Promise<Report> {
  const { timeoutMs, api, signal, progress, lookEveryMs = 250 } = options
  const urls = (await Promise.all(options.urls.map(addressesOf))).flat()
  const startedAt = performance.now()
  for (;;) {
    const snapshots = await Promise.all(urls.map(url => api.snapshot(url)))
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
    await sleep(lookEveryMs, undefined, { signal })
  }
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
  return { name, status: verdict.status, reason: verdict.reason, verdict, judgedOn: "the shopper's window" }
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

/** One address for each endpoint of a name that has several; the address as it is for one. */
async function addressesOf(address: string): Promise<readonly string[]> {
  const url = new URL(address)
  const found = await lookup(url.hostname, { all: true, family: 4 }).catch(() => [])
  if (found.length < 2) return [address]
  return found.map(({ address }) => {
    const endpoint = new URL(url)
    endpoint.hostname = address
    return endpoint.href.replace(/\/+$/, '')
  })
}
