/** How long to wait after failures in a row. */
export interface BackoffOptions {
  /** Failures in a row so far, from 1. */
  readonly failures: number
  /** What the other side asked for. */
  readonly retryAfterMs?: number | undefined
  /** A number from 0 to below 1. */
  readonly random: number
  readonly baseMs?: number
  readonly capMs?: number
  /** A server that asks for an hour is asked again before that. */
  readonly retryAfterCapMs?: number
}

/**
 * Milliseconds until the next attempt: exponential backoff with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), never before what Retry-After asks for.
 */
export function backoffMs({
  failures,
  retryAfterMs = 0,
  random,
  baseMs = 100,
  capMs = 5_000,
  retryAfterCapMs = 60_000
}: BackoffOptions): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30))
  // jitter on top of Retry-After, so that stores told the same second do not come back in the same millisecond
  return Math.round(Math.min(retryAfterMs, retryAfterCapMs) + random * ceiling)
}
