import { createHttpClient, type HttpClient } from '@bookstore/common'
import {
  formatSplit,
  type Ranges,
  type Split,
  type SplitVerdict,
  type VersionSource,
  versionOfAnswer
} from '@bookstore/contract'
import { createSplitMonitor, DEFAULT_ALPHA, DEFAULT_TOLERANCE, reasonWithOutlook } from '@bookstore/verdict'
import { CommandError } from '../command.ts'
import type { Check } from './checks.ts'
import type { Report } from './report.ts'

export interface ServiceOptions {
  readonly url: string
  readonly source: VersionSource
  readonly expect: Split
  /** The ranges that are expected instead of exact shares, if any. */
  readonly ranges?: Ranges | undefined
  readonly alpha: number | undefined
  readonly tolerance: number | undefined
  readonly timeoutMs: number
  /** Requests under way at the same time. */
  readonly concurrency: number
  readonly signal: AbortSignal
  readonly progress: (checks: readonly Check[]) => void
  readonly client?: HttpClient
}

/** What came of the requests that name no version. */
interface Misses {
  failed: number
  unnamed: number
  last: string
}

/**
 * Asks any HTTP service until its split is judged or the time is up. Every request has a connection of its own, so that
 * one that stays with a version counts once. Answers are judged in the order in which their requests were sent.
 * @throws CommandError when no answer names a version
 */
export async function verifyService(options: ServiceOptions): Promise<Report> {
  const { url, expect, timeoutMs, concurrency, signal, progress, source } = options
  const { alpha = DEFAULT_ALPHA, tolerance = DEFAULT_TOLERANCE } = options
  const client = options.client ?? createHttpClient({ keepAlive: false, connections: concurrency })
  const monitor = createSplitMonitor({ declared: expect, ranges: options.ranges, alpha, tolerance })
  const misses: Misses = { failed: 0, unnamed: 0, last: '' }
  const startedAt = performance.now()
  try {
    for (;;) {
      const answers = Array.from({ length: concurrency }, () => versionAt(client, { url, source, signal }, misses))
      for (const version of await Promise.all(answers)) if (version !== undefined) monitor.observe(version)
      const check = checkOf(monitor.verdict(), misses, expect, tolerance)
      const seconds = (performance.now() - startedAt) / 1000
      progress([check])
      if (monitor.purchases === 0 && misses.unnamed > 0) throw unnamed(url, source)
      if (check.status === 'pending' && seconds * 1000 < timeoutMs) continue
      const judged = `judged: ${url}, versions by ${source.kind} ${source.name}`
      return { url, judged, problems: [], status: check.status, checks: [check], seconds }
    }
  } finally {
    if (options.client === undefined) await client.close()
  }
}

async function versionAt(
  client: HttpClient,
  { url, source, signal }: Pick<ServiceOptions, 'url' | 'source' | 'signal'>,
  misses: Misses
): Promise<string | undefined> {
  try {
    const answer = await client.request({ url, signal })
    const version = answer.status < 400 ? versionOfAnswer(answer, source) : undefined
    if (answer.status >= 400) misses.failed += 1
    else if (version === undefined) misses.unnamed += 1
    misses.last = `status ${answer.status}`
    return version
  } catch (error) {
    signal.throwIfAborted()
    misses.failed += 1
    misses.last = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    return undefined
  }
}

// what fails may all be of one version, so that a pass on the rest would say more than was seen
function checkOf(verdict: SplitVerdict, misses: Misses, expect: Split, tolerance: number): Check {
  const { purchases } = verdict
  const missed = misses.failed + misses.unnamed
  const isBlind = missed > tolerance * (purchases + missed)
  const told =
    missed === 0 ? '' : `; ${missed} of ${purchases + missed} requests gave no version, the last: ${misses.last}`
  return {
    name: `split ${formatSplit(expect)}`,
    status: verdict.status === 'pass' && isBlind ? 'pending' : verdict.status,
    reason: reasonWithOutlook(verdict) + told,
    verdict,
    judgedOn: 'this run'
  }
}

function unnamed(url: string, { kind, name }: VersionSource): CommandError {
  return new CommandError(`${url}: expected answers with a version in ${kind} ${name}, got one without`)
}
