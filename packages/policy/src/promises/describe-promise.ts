import type { PromiseName } from '@bookstore/contract'
import type { DeclaredPromises } from './declared-promises.ts'

/** By which object a promise is declared and what it says, in words; '' where nothing declares it. */
export function describePromise(declared: DeclaredPromises, name: PromiseName): string {
  return DESCRIPTIONS[name](declared)
}

const DESCRIPTIONS: Readonly<Record<PromiseName, (declared: DeclaredPromises) => string>> = {
  retries: ({ retries }) => {
    if (retries === null) return ''
    const { retries: tries, retryOn, perTryTimeoutMs, source } = retries
    const each = perTryTimeoutMs === null ? '' : `, each at most ${duration(perTryTimeoutMs)}`
    return `${source}: ${tries === 0 ? 'nothing is tried again' : `up to ${tries} more ${tries === 1 ? 'try' : 'tries'} on ${retryOn.join(', ')}${each}`}`
  },
  timeouts: ({ timeout }) =>
    timeout === null ? '' : `${timeout.source}: no answer later than ${duration(timeout.longestMs)}`,
  'rate-limit': ({ rateLimits }) =>
    together(
      rateLimits.map(
        ({ source, perFill, fillMs, most, status }) =>
          `${source}: each pod takes ${perFill} in ${duration(fillMs)} and ${most} at once, the rest gets ${status}`
      )
    ),
  'circuit-breaking': ({ breakers }) =>
    together(breakers.map(({ source, inFlight }) => `${source}: at most ${inFlight} under way from one client`)),
  ejection: ({ ejections }) =>
    together(
      ejections.map(
        ({ source, baseEjectionMs, ...limits }) =>
          `${source}: after ${errorsInARow(limits)} errors in a row a pod gets nothing for ${duration(baseEjectionMs)}`
      )
    ),
  'load-balancing': ({ balance }) => together(balance.map(({ source }) => `${source}: its pods share alike`)),
  discovery: ({ balance }) => together(balance.map(({ source }) => `${source}: each of its pods is found`)),
  'mutual-tls': ({ mutualTls }) =>
    together(mutualTls.filter(({ strict }) => strict).map(({ source }) => `${source}: nothing but mutual TLS`)),
  egress: ({ egress }) =>
    together(egress.map(({ url, allowed, source }) => `${source}: ${url} is ${allowed ? 'allowed' : 'refused'}`))
}

/** Errors in a row after which a pod is ejected: the smaller bound of those that are on. */
export function errorsInARow(limits: {
  readonly consecutive5xx: number
  readonly consecutiveGatewayErrors: number
}): number {
  const bounds = [limits.consecutive5xx, limits.consecutiveGatewayErrors].filter(bound => bound > 0)
  return bounds.length === 0 ? 0 : Math.min(...bounds)
}

function together(sentences: readonly string[]): string {
  return [...new Set(sentences)].join('; ')
}

function duration(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000} s` : `${ms} ms`
}
