import { BOOKSTORE, defaultTopology, PROMISES, PURCHASE } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { deployed, policiesOf } from '../../test-support/policy-files.ts'
import { policyWarnings } from '../describe/warnings.ts'
import type { PolicyFile } from '../parse/documents.ts'
import { backendsOf } from '../split/weighted-backends.ts'
import { declaredBreaker } from './circuit-breaking.ts'
import { declaredPromises } from './declared-promises.ts'
import { describePromise, errorsInARow } from './describe-promise.ts'
import { declaredEgress } from './egress.ts'
import { declaredEjection } from './ejection.ts'
import { declaredBalance } from './load-balancing.ts'
import { declaredMutualTls } from './mutual-tls.ts'
import { declaredRateLimit } from './rate-limit.ts'
import { declaredRetries, isRetried } from './retries.ts'
import { declaredTimeout } from './timeouts.ts'

const topology = defaultTopology()
const [v1] = topology.workloads.filter(({ name }) => name === 'bookstore-v1')
const meshOf = (...files: readonly PolicyFile[]) => ({ policies: policiesOf(...files), topology })
const of = (...names: readonly string[]) => meshOf(...names.map(name => deployed(`${name}.yaml`)))
const buyer = { namespace: 'bookbuyer', serviceAccount: 'bookbuyer' }
const purchase = { ...PURCHASE, source: buyer }
const thief = { ...purchase, source: { namespace: 'bookthief', serviceAccount: 'bookthief' } }
const nothing = of('permissive-on')
const changed = (name: string, from: string | RegExp, to: string) => {
  const file = deployed(`${name}.yaml`)
  return { ...file, text: file.text.replace(from, to) }
}

describe('retries', () => {
  test('are those of an OSM Retry, for its source and while the MeshConfig switches them on', () => {
    expect(declaredRetries(of('retries'), purchase)).toEqual({
      retries: 3,
      retryOn: ['5xx'],
      perTryTimeoutMs: 1_000,
      backoffMs: 25,
      source: 'Retry bookbuyer/bookbuyer-retries'
    })
    expect(declaredRetries(of('retries'), thief)).toBeNull()
    const off = meshOf(changed('retries', 'RetryPolicy: true', 'RetryPolicy: false'))
    expect(declaredRetries(off, purchase)).toBeNull()
    expect(policyWarnings(off).join()).toContain('enableRetryPolicy of the MeshConfig is off')
    expect(policyWarnings(of('retries'))).toEqual([])
    expect(declaredRetries(nothing, purchase)).toBeNull()
  })

  test('are those of the rule of a VirtualService that matches', () => {
    const declared = declaredRetries(of('istio/retries'), purchase)
    expect(declared).toMatchObject({ retries: 3, retryOn: ['5xx'], perTryTimeoutMs: 1_000 })
    const file = changed('istio/retries', '  - route:', '  - match: [{uri: {prefix: /other}}]\n    route:')
    expect(declaredRetries(meshOf(file), purchase)).toBeNull()
  })

  test('are those of an HTTPRoute', () => {
    const text = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: bookstore}
spec:
  parentRefs: [{kind: Service, name: bookstore}]
  rules:
  - backendRefs: [{name: bookstore, port: 14001}]
    timeouts: {request: 2s, backendRequest: 500ms}
    retry: {codes: [503], attempts: 2, backoff: 100ms}`
    const mesh = meshOf({ name: 'route.yaml', text })
    expect(declaredRetries(mesh, purchase)).toMatchObject({ retries: 2, perTryTimeoutMs: 500, backoffMs: 100 })
    expect(declaredTimeout(mesh, purchase)).toMatchObject({ timeoutMs: 2_000, perTryMs: 500, longestMs: 1_500 })
  })

  test.each([
    ['5xx', 503, true],
    ['5xx', 'per-try-timeout', true],
    ['5xx', 429, false],
    ['gateway-error', 500, false],
    ['gateway-error', 503, true],
    ['reset', 503, false],
    ['reset', 'reset', true],
    ['connect-failure', 'reset', false],
    ['connect-failure', 'connect-failure', true],
    ['retriable-4xx', 409, true],
    ['503', 503, true],
    ['503', 502, false]
  ] as const)('%s of an attempt that ended with %s: %s', (condition, end, expected) => {
    expect(isRetried([condition], end)).toBe(expected)
  })
})

test('a route to the service itself declares no split', () => {
  expect(backendsOf(of('istio/retries'), BOOKSTORE)?.declared).toBe(false)
  expect(backendsOf(of('istio/split-90-10'), BOOKSTORE)?.declared).toBe(true)
})

test('a timeout is the rule’s, else that of all tries', () => {
  const source = 'VirtualService bookstore/bookstore-virtualservice'
  const timeouts = declaredTimeout(of('istio/timeouts'), purchase)
  expect(timeouts).toEqual({ timeoutMs: 500, perTryMs: null, longestMs: 500, source })
  const osm = 'Retry bookbuyer/bookbuyer-retries'
  const ofTries = declaredTimeout(of('retries'), purchase)
  expect(ofTries).toEqual({ timeoutMs: null, perTryMs: 1_000, longestMs: 4_000, source: osm })
  expect(declaredTimeout(nothing, purchase)).toBeNull()
})

describe('a rate limit', () => {
  test.each(['rate-limit', 'istio/rate-limit'])('of %s is 20 a second and 10 more at once', name => {
    if (!v1) throw new Error('expected bookstore-v1')
    expect(declaredRateLimit(of(name), purchase, v1)).toMatchObject({
      perFill: 20,
      fillMs: 1_000,
      most: 30,
      status: 429
    })
    expect(declaredRateLimit(nothing, purchase, v1)).toBeNull()
  })

  test('of a path wins over that of the host, and another service has none', () => {
    if (!v1) throw new Error('expected bookstore-v1')
    const routes =
      '\n  httpRoutes:\n  - path: /buy.*\n    rateLimit: {local: {requests: 1, unit: minute, responseStatusCode: 503}}\n'
    const file = deployed('rate-limit.yaml')
    const mesh = meshOf({ ...file, text: file.text.trimEnd() + routes })
    expect(declaredRateLimit(mesh, purchase, v1)).toMatchObject({ perFill: 1, fillMs: 60_000, most: 1, status: 503 })
    expect(declaredRateLimit(mesh, { ...purchase, path: '/books-bought' }, v1)).toMatchObject({ perFill: 20 })
    const other = { ...purchase, service: { ...BOOKSTORE, name: 'bookstore-v1' } }
    expect(declaredRateLimit(mesh, other, v1)).toBeNull()
  })
})

test.each(['circuit-breaking', 'istio/circuit-breaking'])('%s bounds what is under way', name => {
  const mesh = of(name)
  expect(declaredBreaker(mesh, { service: BOOKSTORE })).toMatchObject({ inFlight: 4, pending: 1 })
  expect(declaredBreaker(mesh, { service: { ...BOOKSTORE, name: 'other' } })).toBeNull()
  expect(declaredBreaker(nothing, { service: BOOKSTORE })).toBeNull()
})

test('ejection has Istio’s defaults, and a subset’s own word wins', () => {
  const mesh = of('istio/ejection')
  expect(declaredEjection(mesh, { service: BOOKSTORE })).toMatchObject({ consecutive5xx: 5, baseEjectionMs: 10_000 })
  const file = changed('istio/ejection', /outlierDetection:.*/s, 'outlierDetection: {}\n')
  const own =
    '  subsets: [{name: v1, labels: {version: v1}, trafficPolicy: {outlierDetection: {consecutive5xxErrors: 1}}}]\n'
  const both = meshOf({ ...file, text: file.text + own })
  expect(declaredEjection(both, { service: BOOKSTORE, subset: 'v1' })?.consecutive5xx).toBe(1)
  expect(declaredEjection(both, { service: BOOKSTORE, subset: 'v2' })).toMatchObject({
    consecutive5xx: 5,
    consecutiveGatewayErrors: 0,
    intervalMs: 10_000,
    baseEjectionMs: 30_000,
    maxEjectionPercent: 10
  })
})

test('load is balanced within the service, or within each backend of a split', () => {
  expect(declaredBalance(nothing, purchase)).toMatchObject([
    { backend: 'bookstore', workloads: ['bookstore-v1', 'bookstore-v2'], source: 'Service bookstore/bookstore' }
  ])
  expect(declaredBalance(of('split-90-10'), purchase)).toMatchObject([
    { backend: 'bookstore-v1', workloads: ['bookstore-v1'] },
    { backend: 'bookstore-v2', workloads: ['bookstore-v2'] }
  ])
})

test('mutual TLS is strict by PeerAuthentication, and always in OSM', () => {
  if (!v1) throw new Error('expected bookstore-v1')
  expect(declaredMutualTls(of('istio/mtls-strict'), v1)).toMatchObject({ strict: true })
  expect(declaredMutualTls(meshOf(changed('istio/mtls-strict', /STRICT/g, 'PERMISSIVE')), v1)?.strict).toBe(false)
  expect(declaredMutualTls(nothing, v1)).toMatchObject({ strict: true, source: expect.stringContaining('OSM always') })
  expect(declaredMutualTls(meshOf(), v1)).toBeNull()
})

describe('egress', () => {
  const cnn = { source: buyer, host: 'edition.cnn.com', port: 80 }

  test.each([
    ['egress', 'reset'],
    ['istio/egress', '502']
  ])('of %s is what is named, by host and port, and the rest is refused', (name, how) => {
    const mesh = of(name)
    expect(declaredEgress(mesh, cnn)).toMatchObject({ allowed: true })
    expect(declaredEgress(mesh, { ...cnn, port: 443 })).toMatchObject({ allowed: false, how })
    expect(declaredEgress(mesh, { ...cnn, host: 'cnn.com' })).toMatchObject({ allowed: false })
  })

  test('is open where the MeshConfig says so, and nothing is declared without one', () => {
    expect(declaredEgress(nothing, cnn)).toMatchObject({ allowed: true })
    expect(declaredEgress(meshOf(), cnn)).toBeNull()
  })

  test('of one account is not that of another', () => {
    expect(declaredEgress(of('egress'), { ...cnn, source: thief.source })).toMatchObject({ allowed: false })
  })
})

describe('all promises together', () => {
  const outside = ['http://edition.cnn.com/', 'https://github.com/']
  const told = (...names: readonly string[]) => {
    const declared = declaredPromises(of(...names), purchase, outside)
    if (declared === null) throw new Error('expected the bookstore in the topology')
    return Object.fromEntries(PROMISES.map(name => [name, describePromise(declared, name)]))
  }

  test('say which object declares each and what, and nothing of the others', () => {
    expect(told('retries')).toMatchObject({
      retries: 'Retry bookbuyer/bookbuyer-retries: up to 3 more tries on 5xx, each at most 1 s',
      timeouts: 'Retry bookbuyer/bookbuyer-retries: no answer later than 4 s',
      'rate-limit': '',
      ejection: '',
      'load-balancing': 'Service bookstore/bookstore: its pods share alike'
    })
    expect(told('istio/timeouts')).toMatchObject({
      retries: 'VirtualService bookstore/bookstore-virtualservice: nothing is tried again',
      timeouts: 'VirtualService bookstore/bookstore-virtualservice: no answer later than 500 ms'
    })
    expect(told('egress')['egress']).toBe(
      'Egress bookbuyer/bookbuyer-egress: http://edition.cnn.com/ is allowed; MeshConfig osm-system/osm-mesh-config: https://github.com/ is refused'
    )
    expect(told('rate-limit')['rate-limit']).toBe(
      'UpstreamTrafficSetting bookstore/bookstore: each pod takes 20 in 1 s and 30 at once, the rest gets 429'
    )
    expect(told('circuit-breaking')['circuit-breaking']).toContain('at most 4 under way from one client')
    expect(told('istio/ejection')['ejection']).toContain('after 5 errors in a row a pod gets nothing for 10 s')
    expect(told('istio/mtls-strict')['mutual-tls']).toContain('nothing but mutual TLS')
  })

  test('are those of each backend where a split is declared', () => {
    const declared = declaredPromises(of('split-90-10'), purchase, [])
    expect(declared?.balance.map(({ backend }) => backend)).toEqual(['bookstore-v1', 'bookstore-v2'])
    expect(declared?.egress).toEqual([])
  })

  test('are unknown for a Service that is not in the topology', () => {
    expect(declaredPromises(of(), { ...purchase, service: { namespace: 'n', name: 'x' } }, [])).toBeNull()
  })

  test('a pod is ejected by the smaller of the bounds that are on', () => {
    expect(errorsInARow({ consecutive5xx: 5, consecutiveGatewayErrors: 0 })).toBe(5)
    expect(errorsInARow({ consecutive5xx: 5, consecutiveGatewayErrors: 3 })).toBe(3)
    expect(errorsInARow({ consecutive5xx: 0, consecutiveGatewayErrors: 0 })).toBe(0)
  })
})
