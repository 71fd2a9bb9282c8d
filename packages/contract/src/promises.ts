/** What a mesh promises beside split and access, in the order in which it is proven. */
export const PROMISES = [
  'load-balancing',
  'discovery',
  'mutual-tls',
  'egress',
  'retries',
  'timeouts',
  'rate-limit',
  'circuit-breaking',
  'ejection'
] as const

export type PromiseName = (typeof PROMISES)[number]

/** `not-declared` and `not-visible` (it cannot be seen from here) are answers of their own. */
export const PROMISE_STATUSES = ['pass', 'fail', 'pending', 'not-declared', 'not-visible'] as const

export type PromiseStatus = (typeof PROMISE_STATUSES)[number]

/** What came of proving one promise. */
export interface PromiseResult {
  readonly name: PromiseName
  readonly status: PromiseStatus
  /** The object that declares it, and what it says; '' where nothing does. */
  readonly declaredBy: string
  /** What was observed, with its numbers; '' where nothing was tried. */
  readonly seen: string
  readonly reason: string
  /** What a person can do about it; '' where there is nothing to do. */
  readonly todo: string
}

/** The name as a person reads it, such as `rate limit`. */
export function promiseTitle(name: PromiseName): string {
  return name === 'mutual-tls' ? 'mutual TLS' : name.replace('-', ' ')
}
