import type { Health, Snapshot, Split, TimelineBucket } from '@bookstore/contract'

/** How far back "now" reaches. */
export const HEALTH_SECONDS = 10

/** The last answer of a version. */
export interface LastAnswer {
  readonly version: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Attempts that ended after it, whoever answered them. */
  readonly attemptsSince: number
}

export interface HealthParts {
  /** The last `HEALTH_SECONDS`. */
  readonly buckets: readonly TimelineBucket[]
  readonly lastAnswers: readonly LastAnswer[]
  readonly declared: Split | null
  readonly expected: Snapshot['access']['expected']
  /** Since when that is expected, with the time that a change takes to settle. */
  readonly judgedFrom: number
  readonly lastOutcomeAt: number | null
  readonly startedAt: number
  /** The pause between two attempts. */
  readonly paceMs: number
  readonly now: number
}

// An outage shows in several attempts; one that fails is reported by the counts.
const MOST_FAILED = 1
const MOST_FAILED_SHARE = 0.05
// A version that has its share is this rarely left out so often: looked at all the time, it must be rare indeed.
const CHANCE = 1e-6
const EXPECTED_ANSWERS = 3
const SILENT_MS = 5_000

/**
 * How a shopper fares now, whatever was judged before: whether it still shops, whether attempts fail, and which declared
 * versions have gone silent. Pure.
 */
export function healthOf(parts: HealthParts): Health {
  const seen = sumOf(parts.buckets)
  // behind a closed door nobody is silent
  const isDenied = seen.bought === 0 && seen.denied > 0
  const silent = isExpectedIn(parts.expected) && !isDenied ? silentVersions(parts, seen.failed) : []
  const trouble = troubleOf(parts, seen, silent)
  const attempts = seen.bought + seen.denied + seen.failed
  const status = trouble !== null ? 'degraded' : attempts === 0 ? 'unknown' : 'ok'
  const reason = trouble ?? (attempts === 0 ? 'nothing was tried yet' : `${attempts} attempts, ${seen.failed} failed`)
  return { status, reason, seconds: HEALTH_SECONDS, ...seen, silent }
}

type Seen = Pick<Health, 'bought' | 'denied' | 'failed' | 'byVersion'>

function sumOf(buckets: readonly TimelineBucket[]): Seen {
  const byVersion: Record<string, number> = {}
  let [bought, denied, failed] = [0, 0, 0]
  for (const bucket of buckets) {
    denied += bucket.denied
    failed += bucket.failed
    for (const [version, count] of Object.entries(bucket.byVersion)) {
      byVersion[version] = (byVersion[version] ?? 0) + count
      bought += count
    }
  }
  return { bought, denied, failed, byVersion }
}

function troubleOf(parts: HealthParts, { bought, denied, failed }: Seen, silent: Health['silent']): string | null {
  const idleMs = parts.now - (parts.lastOutcomeAt ?? parts.startedAt)
  if (idleMs > HEALTH_SECONDS * 1000 + 2 * parts.paceMs) return `nothing was tried for ${inSeconds(idleMs)}`
  const [first] = silent
  if (first !== undefined)
    return silent.map(({ version, seconds }) => `${version} has not answered for ${seconds} s`).join('; ')
  // denials from before the door was opened are no trouble
  const since = sumOf(parts.buckets.filter(({ at }) => at >= parts.judgedFrom))
  if (since.bought === 0 && since.denied > 0 && parts.expected === 'allowed') {
    return `${since.denied} of ${since.denied + since.failed} were denied in the last ${HEALTH_SECONDS} s`
  }
  // where one status is expected, an attempt that fails may be just that
  if (typeof parts.expected === 'number') return null
  const attempts = bought + denied + failed
  if (failed <= MOST_FAILED || failed <= MOST_FAILED_SHARE * attempts) return null
  return `${failed} of ${attempts} failed in the last ${HEALTH_SECONDS} s`
}

function silentVersions({ lastAnswers, declared, now }: HealthParts, failed: number): Health['silent'] {
  return lastAnswers.flatMap(({ version, at, attemptsSince }) => {
    const share = declared?.[version] ?? 0
    if (share === 0 || now - at < SILENT_MS) return []
    const isImplausible = (1 - share) ** attemptsSince < CHANCE
    // together with failures fewer attempts say as much
    const isMissed = failed > MOST_FAILED && share * attemptsSince >= EXPECTED_ANSWERS
    return isImplausible || isMissed ? [{ version, seconds: Math.round((now - at) / 1000) }] : []
  })
}

function isExpectedIn(expected: HealthParts['expected']): boolean {
  return expected === 'allowed' || (typeof expected === 'number' && expected >= 200 && expected < 300)
}

function inSeconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`
}
