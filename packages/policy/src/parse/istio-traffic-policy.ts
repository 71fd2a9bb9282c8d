import type { ConnectionPool, OutlierDetection, RetrySettings, TrafficPolicy } from '../traffic.ts'
import { at, expectFields, type Field, isSet, wordOf } from './field.ts'
import { countOf, durationOf, retryOnOf, retrySettings } from './traffic-fields.ts'

// https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry
const DEFAULT_RETRY_ON = ['connect-failure', 'refused-stream', 'unavailable', 'cancelled']

/** `retries` of a VirtualService's rule; null where nothing was written. */
export function istioRetriesOf(field: Field): RetrySettings | null {
  if (!isSet(field)) return null
  expectFields(field, ['attempts', 'perTryTimeout', 'retryOn', 'backoff'], {
    harmless: ['retryRemoteLocalities', 'retryIgnorePreviousHosts']
  })
  return retrySettings({
    retries: countOf(at(field, 'attempts'), 0),
    retryOn: retryOnOf(at(field, 'retryOn'), DEFAULT_RETRY_ON),
    perTryTimeoutMs: durationOf(at(field, 'perTryTimeout')),
    backoffMs: durationOf(at(field, 'backoff'))
  })
}

/** trafficPolicy of a DestinationRule; null where nothing was written. */
export function trafficPolicyOf(policy: Field): TrafficPolicy | null {
  if (!isSet(policy)) return null
  expectFields(policy, ['tls', 'loadBalancer', 'connectionPool', 'outlierDetection'])
  const tls = at(policy, 'tls')
  if (isSet(tls)) {
    expectFields(tls, ['mode'])
    wordOf(at(tls, 'mode'), ['ISTIO_MUTUAL'])
  }
  return {
    balancer: balancerOf(at(policy, 'loadBalancer')),
    connectionPool: poolOf(at(policy, 'connectionPool')),
    outlierDetection: outlierOf(at(policy, 'outlierDetection'))
  }
}

function balancerOf(balancer: Field): TrafficPolicy['balancer'] {
  if (!isSet(balancer)) return null
  expectFields(balancer, ['simple'])
  const simple = wordOf(at(balancer, 'simple'), ['ROUND_ROBIN', 'RANDOM', 'LEAST_REQUEST', 'UNSPECIFIED'])
  return simple === 'UNSPECIFIED' ? null : simple
}

function poolOf(pool: Field): ConnectionPool | null {
  if (!isSet(pool)) return null
  expectFields(pool, ['tcp', 'http'])
  const [tcp, http] = [at(pool, 'tcp'), at(pool, 'http')]
  if (isSet(tcp)) {
    expectFields(tcp, ['maxConnections', 'connectTimeout'], {
      harmless: ['tcpKeepalive', 'maxConnectionDuration', 'idleTimeout']
    })
  }
  if (isSet(http)) {
    expectFields(http, ['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries'], {
      harmless: ['idleTimeout', 'h2UpgradePolicy', 'useClientProtocol']
    })
  }
  return {
    maxConnections: countOf(at(tcp, 'maxConnections'), null),
    maxRequests: countOf(at(http, 'http2MaxRequests'), null),
    maxPendingRequests: countOf(at(http, 'http1MaxPendingRequests'), null),
    maxRequestsPerConnection: countOf(at(http, 'maxRequestsPerConnection'), null),
    maxRetries: countOf(at(http, 'maxRetries'), null),
    connectTimeoutMs: durationOf(at(tcp, 'connectTimeout'))
  }
}

// defaults: https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection
function outlierOf(field: Field): OutlierDetection | null {
  if (!isSet(field)) return null
  expectFields(
    field,
    ['consecutive5xxErrors', 'consecutiveGatewayErrors', 'interval', 'baseEjectionTime', 'maxEjectionPercent'],
    { harmless: ['minHealthPercent', 'splitExternalLocalOriginErrors', 'consecutiveLocalOriginFailures'] }
  )
  return {
    consecutive5xx: countOf(at(field, 'consecutive5xxErrors'), 5),
    consecutiveGatewayErrors: countOf(at(field, 'consecutiveGatewayErrors'), 0),
    intervalMs: durationOf(at(field, 'interval')) ?? 10_000,
    baseEjectionMs: durationOf(at(field, 'baseEjectionTime')) ?? 30_000,
    maxEjectionPercent: countOf(at(field, 'maxEjectionPercent'), 10)
  }
}
