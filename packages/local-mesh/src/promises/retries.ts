import { type AttemptEnd, type DeclaredRetries, isRetried } from '@bookstore/policy'

const BASE_MS = 25

/** Whether a request is tried again after `tries` of them, the last of which ended so. */
export function triesAgain(retries: DeclaredRetries | null, tries: number, end: AttemptEnd): boolean {
  return retries !== null && tries <= retries.retries && isRetried(retries.retryOn, end)
}

/**
 * Milliseconds until the next try after `tries` of them: exponential with full jitter, at most ten times the base,
 * as Envoy's retry_back_off does by itself.
 */
export function retryPauseMs({ backoffMs }: DeclaredRetries, tries: number, random: () => number): number {
  const base = backoffMs ?? BASE_MS
  return Math.floor(random() * Math.min(base * 10, base * (2 ** tries - 1)))
}
