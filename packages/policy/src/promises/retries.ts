import { sameAccount, sameService } from '@bookstore/contract'
import type { ServiceRequest } from '../decide.ts'
import type { Mesh } from '../mesh.ts'
import { nameOf } from '../model.ts'
import { ruleFor } from '../split/weighted-backends.ts'
import type { RetrySettings } from '../traffic.ts'

/** What was declared of retries for a request, and by which object. */
export interface DeclaredRetries extends RetrySettings {
  readonly source: string
}

/**
 * How a request is tried again; null where nothing is declared. A rule of a VirtualService or HTTPRoute decides, else an
 * OSM Retry from the source to the service, while the MeshConfig switches those on (pkg/catalog/retry.go).
 */
export function declaredRetries(mesh: Mesh, request: ServiceRequest): DeclaredRetries | null {
  const found = ruleFor(mesh, request.service, request)
  if (found?.rule.traffic?.retry) return { ...found.rule.traffic.retry, source: nameOf(found.policy.ref) }
  const { osmRetries, meshConfig } = mesh.policies
  const retry = osmRetries.find(
    ({ source, destinations }) =>
      sameAccount(source, request.source) && destinations.some(service => sameService(service, request.service))
  )
  return retry === undefined || meshConfig?.retries !== true ? null : { ...retry.settings, source: nameOf(retry.ref) }
}

/** What an attempt looked like: the status of its answer, or how it went without one. */
export type AttemptEnd = number | 'reset' | 'connect-failure' | 'per-try-timeout'

/**
 * Whether these conditions have a proxy try again, as Envoy's `x-envoy-retry-on` says:
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on
 */
export function isRetried(retryOn: readonly string[], end: AttemptEnd): boolean {
  return retryOn.some(condition => holds(condition, end))
}

function holds(condition: string, end: AttemptEnd): boolean {
  const isStatus = typeof end === 'number'
  if (condition === '5xx') return !isStatus || (end >= 500 && end <= 599)
  if (condition === 'gateway-error') return !isStatus || (end >= 502 && end <= 504)
  if (condition === 'reset' || condition === 'reset-before-request') return !isStatus
  if (condition === 'connect-failure') return end === 'connect-failure'
  if (condition === 'retriable-4xx') return end === 409
  if (condition === 'envoy-ratelimited') return false
  return String(end) === condition
}
