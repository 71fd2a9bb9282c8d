import { type Breakers, createBreakers } from './promises/circuit-breaking.ts'
import { createEjections, type Ejections } from './promises/ejection.ts'
import { createRateLimiter, type RateLimiter } from './promises/rate-limit.ts'

/** What the proxy of one application remembers between requests. */
export interface ProxyState {
  readonly breakers: Breakers
  readonly ejections: Ejections
  readonly limiter: RateLimiter
}

/** A proxy that remembers nothing yet; `now` gives ms of a clock that never goes back. */
export function createProxyState(now: () => number = () => performance.now()): ProxyState {
  return { breakers: createBreakers(), ejections: createEjections(now), limiter: createRateLimiter(now) }
}
