import type { RateLimit, RetrySettings } from '../traffic.ts'
import { at, complain, type Field, isSet, listOf, textOf } from './field.ts'

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A duration as Go, Istio and the Gateway API write it (`1m30s`, `0.5s`, `25ms`), in ms; null where nothing is. */
export function durationOf(field: Field): number | null {
  if (!isSet(field)) return null
  const { value } = field
  const parts = typeof value === 'string' ? [...value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)] : []
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === value
  if (isWhole) return parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS_MS[unit] ?? 0), 0)
  complain(field, 'a duration such as 1s, 250ms or 1m30s')
  return null
}

/** A whole number that is not negative, or `fallback` where nothing was written. */
export function countOf<Fallback>(field: Field, fallback: Fallback): number | Fallback {
  if (!isSet(field)) return fallback
  const { value } = field
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  complain(field, 'a whole number of at least 0')
  return fallback
}

/** Conditions of Envoy's `retry_on`, a list with commas. */
export function retryOnOf(field: Field, fallback: readonly string[]): readonly string[] {
  if (!isSet(field)) return fallback
  const words = textOf(field)
    .split(',')
    .map(word => word.trim())
    .filter(word => word !== '')
  const stranger = words.find(word => !RETRY_ON.has(word) && !/^[1-5]\d\d$/.test(word))
  if (stranger !== undefined) complain(field, `conditions of ${[...RETRY_ON].join(', ')} or status codes`)
  return words
}

// https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on and
// x-envoy-retry-grpc-on
const RETRY_ON = new Set([
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'envoy-ratelimited',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable'
])

/** Settings with the defaults of whoever declares them. */
export function retrySettings(settings: Partial<RetrySettings> & Pick<RetrySettings, 'retries'>): RetrySettings {
  return { retryOn: [], perTryTimeoutMs: null, backoffMs: null, ...settings }
}

/** Headers as a list of names and values. */
export function headerListOf(field: Field): RateLimit['headers'] {
  return Object.fromEntries(
    listOf(field).map(header => [textOf(at(header, 'name')).toLowerCase(), textOf(at(header, 'value'))])
  )
}

/** An HTTP status of an answer that refuses, or `fallback` where nothing was written. */
export function refusalStatusOf(field: Field, fallback: number): number {
  const status = countOf(field, fallback)
  if (status >= 400 && status <= 599) return status
  complain(field, 'a status from 400 to 599')
  return fallback
}
