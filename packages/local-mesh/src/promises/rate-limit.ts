import type { DeclaredRateLimit } from '@bookstore/policy'
import type { SyntheticAnswer } from '../synthetic.ts'

interface Bucket {
  tokens: number
  filledAt: number
  readonly limit: string
}

/** The token buckets of pods, as Envoy's local rate limit keeps them in the proxy of each. */
export interface RateLimiter {
  /** The answer of the pod's proxy to a request above the limit; null takes a token. */
  refusal(address: string, limit: DeclaredRateLimit): SyntheticAnswer | null
}

/**
 * Buckets begin full and get `perFill` tokens at once at the end of every `fillMs`, up to `most`:
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/local_rate_limit_filter
 */
export function createRateLimiter(now: () => number): RateLimiter {
  const buckets = new Map<string, Bucket>()
  const bucketOf = (address: string, limit: DeclaredRateLimit): Bucket => {
    const key = JSON.stringify([limit.most, limit.perFill, limit.fillMs])
    const known = buckets.get(address)
    if (known?.limit === key) return known
    const fresh = { tokens: limit.most, filledAt: now(), limit: key }
    buckets.set(address, fresh)
    return fresh
  }
  return {
    refusal(address, limit) {
      const bucket = bucketOf(address, limit)
      const fills = Math.floor((now() - bucket.filledAt) / limit.fillMs)
      bucket.tokens = Math.min(limit.most, bucket.tokens + fills * limit.perFill)
      bucket.filledAt += fills * limit.fillMs
      if (bucket.tokens === 0) return { status: limit.status, body: 'local_rate_limited', headers: limit.headers }
      bucket.tokens -= 1
      return null
    }
  }
}
