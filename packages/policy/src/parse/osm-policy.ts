import { parseServiceHost, type ServiceName } from '@bookstore/contract'
import type { ObjectRef } from '../model.ts'
import { rangePattern } from '../pattern.ts'
import type {
  ConnectionPool,
  EgressRule,
  IngressBackend,
  OsmRetry,
  RateLimit,
  UpstreamTrafficSetting
} from '../traffic.ts'
import {
  at,
  complain,
  expectFields,
  type Field,
  fullListOf,
  isSet,
  listOf,
  optionalText,
  portOf,
  textOf,
  textsOf,
  wordOf
} from './field.ts'
import { accountOf, patternOf, rangesOf } from './shared.ts'
import { countOf, durationOf, headerListOf, refusalStatusOf, retryOnOf, retrySettings } from './traffic-fields.ts'

// policy.openservicemesh.io/v1alpha1, as OSM 1.2.4 reads it: pkg/apis/policy/v1alpha1

/** Retry: from one account to whole services. Without numRetries it is one, without retryOn there is nothing to retry. */
export function readRetry(ref: ObjectRef, spec: Field): OsmRetry {
  expectFields(spec, ['source', 'destinations', 'retryPolicy'])
  const policy = at(spec, 'retryPolicy')
  expectFields(policy, ['retryOn', 'perTryTimeout', 'numRetries', 'retryBackoffBaseInterval'])
  if (!isSet(at(policy, 'retryOn'))) complain(at(policy, 'retryOn'), 'conditions such as 5xx')
  return {
    ref,
    source: accountOf(at(spec, 'source')),
    destinations: fullListOf(at(spec, 'destinations')).map(destinationOf),
    settings: retrySettings({
      retries: countOf(at(policy, 'numRetries'), 1),
      retryOn: retryOnOf(at(policy, 'retryOn'), []),
      perTryTimeoutMs: durationOf(at(policy, 'perTryTimeout')),
      backoffMs: durationOf(at(policy, 'retryBackoffBaseInterval'))
    })
  }
}

/** UpstreamTrafficSetting: connections and rate limits of the service that `host` names, in its own namespace. */
export function readUpstreamTrafficSetting(ref: ObjectRef, spec: Field): UpstreamTrafficSetting {
  expectFields(spec, ['host', 'connectionSettings', 'rateLimit', 'httpRoutes'])
  return {
    ref,
    host: hostOf(ref, at(spec, 'host')),
    connectionPool: connectionPoolOf(at(spec, 'connectionSettings')),
    rateLimit: limitOf(at(spec, 'rateLimit')),
    routes: listOf(at(spec, 'httpRoutes')).flatMap(route => {
      expectFields(route, ['path', 'rateLimit'])
      const limits = at(route, 'rateLimit')
      if (!isSet(limits)) return []
      expectFields(limits, ['local'])
      const rateLimit = httpLimitOf(at(limits, 'local'))
      return rateLimit === null ? [] : [{ path: textOf(at(route, 'path')), rateLimit }]
    })
  }
}

/** Egress: hosts and ports outside the mesh that accounts may reach. */
export function readEgress(ref: ObjectRef, spec: Field): EgressRule {
  expectFields(spec, ['sources', 'hosts', 'ipAddresses', 'ports'], { harmless: ['matches'] })
  const ports = fullListOf(at(spec, 'ports')).map(port => {
    expectFields(port, ['number', 'protocol'])
    const protocol = wordOf(at(port, 'protocol'), ['http', 'https', 'tcp', 'tcp-server-first'])
    return { number: portOf(at(port, 'number')), protocol: protocol === 'tcp-server-first' ? 'tcp' : protocol } as const
  })
  return {
    ref,
    sources: fullListOf(at(spec, 'sources')).map(accountOf),
    namespaces: null,
    hosts: textsOf(at(spec, 'hosts')).map(host => host.toLowerCase()),
    addresses: rangesOf(at(spec, 'ipAddresses')),
    ports
  }
}

/** IngressBackend: who outside the mesh may send to a service's ports. */
export function readIngressBackend(ref: ObjectRef, spec: Field): IngressBackend {
  expectFields(spec, ['backends', 'sources'], { harmless: ['matches'] })
  return {
    ref,
    backends: fullListOf(at(spec, 'backends')).map(backend => {
      expectFields(backend, ['name', 'port'], { harmless: ['tls'] })
      const port = at(backend, 'port')
      expectFields(port, ['number', 'protocol'])
      const protocol = wordOf(at(port, 'protocol'), ['http', 'https'])
      return { name: textOf(at(backend, 'name')), port: portOf(at(port, 'number')), protocol }
    }),
    sources: fullListOf(at(spec, 'sources')).map(source => {
      expectFields(source, ['kind', 'name', 'namespace'])
      const kind = wordOf(at(source, 'kind'), ['Service', 'AuthenticatedPrincipal', 'IPRange'])
      const name = at(source, 'name')
      const text = kind === 'IPRange' ? patternOf(name, rangePattern).written : textOf(name)
      return { kind, name: text, namespace: optionalText(at(source, 'namespace'), '') }
    })
  }
}

function destinationOf(field: Field): ServiceName {
  expectFields(field, ['kind', 'name', 'namespace'])
  wordOf(at(field, 'kind'), ['Service'])
  return { name: textOf(at(field, 'name')), namespace: textOf(at(field, 'namespace')) }
}

// OSM compares the whole name of the service and looks only in the setting's own namespace
function hostOf(ref: ObjectRef, field: Field): ServiceName {
  const host = textOf(field)
  const service = host.endsWith('.svc.cluster.local') ? parseServiceHost(host, ref.namespace) : null
  if (host !== '' && service?.namespace !== ref.namespace) {
    complain(field, `NAME.${ref.namespace}.svc.cluster.local, a service of the setting's own namespace`)
  }
  return service ?? { namespace: ref.namespace, name: host }
}

function connectionPoolOf(settings: Field): ConnectionPool | null {
  if (!isSet(settings)) return null
  expectFields(settings, ['tcp', 'http'])
  const [tcp, http] = [at(settings, 'tcp'), at(settings, 'http')]
  if (isSet(tcp)) expectFields(tcp, ['maxConnections', 'connectTimeout'])
  if (isSet(http)) expectFields(http, ['maxRequests', 'maxPendingRequests', 'maxRequestsPerConnection', 'maxRetries'])
  return {
    maxConnections: countOf(at(tcp, 'maxConnections'), null),
    maxRequests: countOf(at(http, 'maxRequests'), null),
    maxPendingRequests: countOf(at(http, 'maxPendingRequests'), null),
    maxRequestsPerConnection: countOf(at(http, 'maxRequestsPerConnection'), null),
    maxRetries: countOf(at(http, 'maxRetries'), null),
    connectTimeoutMs: durationOf(at(tcp, 'connectTimeout'))
  }
}

function limitOf(limits: Field): RateLimit | null {
  if (!isSet(limits)) return null
  expectFields(limits, ['local'], { harmless: ['global'] })
  const local = at(limits, 'local')
  if (!isSet(local)) return null
  expectFields(local, ['http'], { harmless: ['tcp'] })
  return httpLimitOf(at(local, 'http'))
}

// pkg/envoy/lds/rate_limit.go: the bucket holds requests + burst and is filled with requests every unit
function httpLimitOf(limit: Field): RateLimit | null {
  if (!isSet(limit)) return null
  expectFields(limit, ['requests', 'unit', 'burst', 'responseStatusCode', 'responseHeadersToAdd'])
  const requests = countOf(at(limit, 'requests'), 0)
  if (requests === 0) complain(at(limit, 'requests'), 'a number of at least 1')
  const unit = wordOf(at(limit, 'unit'), ['second', 'minute', 'hour'])
  return {
    perFill: requests,
    fillMs: { second: 1_000, minute: 60_000, hour: 3_600_000 }[unit],
    most: requests + countOf(at(limit, 'burst'), 0),
    status: refusalStatusOf(at(limit, 'responseStatusCode'), 429),
    headers: headerListOf(at(limit, 'responseHeadersToAdd'))
  }
}
