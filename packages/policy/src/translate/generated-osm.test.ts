import type { Topology } from '@bookstore/contract'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { meaning } from '../../test-support/translated.ts'
import type { Mesh } from '../mesh.ts'
import { parsePolicyObjects } from '../parse/policies.ts'
import { disagreements, splitDisagreements } from './compare.ts'
import { comparePromises } from './compare-promises.ts'
import { requestsAround } from './samples.ts'
import { asEnforced, translatePolicies } from './translate.ts'
import type { TranslateOptions } from './translation.ts'

const options: TranslateOptions = { to: 'istio', known: [], portOf: () => undefined, trustDomain: 'cluster.local' }

test('every generated set of OSM says the same after the translation, and opens nothing where it is refused', () => {
  const met = { questions: 0, refused: 0, whole: 0 }
  fc.assert(
    fc.property(sets, objects => {
      const { policies, errors } = parsePolicyObjects(objects)
      expect(errors).toEqual([])
      const before: Mesh = { policies: asEnforced(policies), topology }
      const translation = translatePolicies({ policies, topology }, options)
      const after = meaning(translation, topology)
      const compared = comparePromises(before, after)
      met.questions += compared.questions
      const isWhole = translation.refusals.length === 0
      isWhole ? met.whole++ : met.refused++
      const wrong = compared.disagreements.filter(({ after }) => isWhole || after === 'allowed')
      expect(wrong).toEqual([])
      expect(disagreements(before, after, requestsAround(before, [])).filter(({ after }) => isWhole || after)).toEqual(
        []
      )
      expect(splitDisagreements(before, after)).toEqual([])
    }),
    { numRuns: 150 }
  )
  expect(Math.min(met.refused, met.whole)).toBeGreaterThan(15)
  expect(met.questions).toBeGreaterThan(5_000)
})

const names = ['a', 'b', 'c', 'd']
// a and b share a namespace, so that an Egress of one of them alone cannot be said
const placeOf = (name: string) => ({ name, namespace: name === 'b' ? 'n-a' : `n-${name}` })
const topology: Topology = {
  workloads: names.map(name => ({ ...placeOf(name), serviceAccount: name, labels: { app: name }, addresses: [] })),
  services: names.map(name => ({ ...placeOf(name), selector: { app: name } }))
}
const account = (name: string) => ({ kind: 'ServiceAccount', ...placeOf(name) })
const some = fc.subarray(names, { minLength: 1, maxLength: 2 })
const one = fc.constantFrom(...names)
const range = fc.constantFrom('10.0.0.0/8', '10.1.0.0/16', '192.0.2.7/32', '2001:db8::/32')

const retry = fc.record({
  from: one,
  to: some,
  retryOn: fc.constantFrom('5xx', 'gateway-error,reset', 'connect-failure'),
  numRetries: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  perTryTimeout: fc.constantFrom('1s', '250ms', '1m30s', undefined),
  retryBackoffBaseInterval: fc.constantFrom('25ms', '1s', undefined)
})
const count = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined })
const setting = fc.record({
  of: one,
  tcp: fc.record({ maxConnections: count, connectTimeout: fc.constantFrom('1s', '1500ms', undefined) }),
  http: fc.record({ maxRequests: count, maxPendingRequests: count, maxRequestsPerConnection: count, maxRetries: count })
})
const egress = fc.record({
  from: some,
  hosts: fc.subarray(['x.example', 'y.example', '*.z.example']),
  ipAddresses: fc.array(range, { maxLength: 2 }),
  ports: fc.array(
    fc.record({
      number: fc.constantFrom(80, 443, 5432),
      protocol: fc.constantFrom('http', 'https', 'tcp', 'tcp-server-first')
    }),
    { minLength: 1, maxLength: 2 }
  )
})
const ingress = fc.record({
  of: one,
  port: fc.record({ number: fc.constantFrom(8080, 9090), protocol: fc.constantFrom('http', 'http', 'https') }),
  ranges: fc.array(range, { maxLength: 2 }),
  principals: fc.subarray(['x.ingress.cluster.local'])
})

const sets = fc
  .record({
    config: fc.option(fc.record({ permissive: fc.boolean(), egress: fc.boolean(), retries: fc.boolean() })),
    isSplit: fc.boolean(),
    retries: fc.array(retry, { maxLength: 2 }),
    settings: fc.array(setting, { maxLength: 2 }),
    egresses: fc.array(egress, { maxLength: 2 }),
    ingresses: fc.array(ingress, { maxLength: 1 })
  })
  .map(({ config, isSplit, retries, settings, egresses, ingresses }) => [
    ...(config === null ? [] : [meshConfig(config)]),
    ...(isSplit ? [split] : []),
    ...retries.map(({ from, to, ...retryPolicy }, at) => {
      const destinations = to.map(name => ({ kind: 'Service', ...placeOf(name) }))
      return object('Retry', `r-${at}`, from, { source: account(from), destinations, retryPolicy })
    }),
    ...settings.map(({ of, ...connectionSettings }, at) => {
      const { name, namespace } = placeOf(of)
      const spec = { host: `${name}.${namespace}.svc.cluster.local`, connectionSettings }
      return object('UpstreamTrafficSetting', `s-${at}`, of, spec)
    }),
    ...egresses.map(({ from, ...spec }, at) =>
      object('Egress', `e-${at}`, from[0] ?? 'a', { ...spec, sources: from.map(account) })
    ),
    ...ingresses
      .filter(({ ranges, principals }) => ranges.length + principals.length > 0)
      .map(({ of, port, ranges, principals }, at) =>
        object('IngressBackend', `i-${at}`, of, {
          backends: [{ name: of, port }],
          sources: [
            ...ranges.map(name => ({ kind: 'IPRange', name })),
            ...principals.map(name => ({ kind: 'AuthenticatedPrincipal', name }))
          ]
        })
      )
  ])

const split = {
  apiVersion: 'split.smi-spec.io/v1alpha2',
  kind: 'TrafficSplit',
  metadata: { name: 'split', namespace: 'n-a' },
  spec: {
    service: 'a',
    backends: [
      { service: 'b', weight: 3 },
      { service: 'a', weight: 1 }
    ]
  }
}

function object(kind: string, name: string, of: string, spec: object) {
  const metadata = { name, namespace: placeOf(of).namespace }
  return { apiVersion: 'policy.openservicemesh.io/v1alpha1', kind, metadata, spec }
}

function meshConfig({ permissive, egress, retries }: { permissive: boolean; egress: boolean; retries: boolean }) {
  const traffic = { enablePermissiveTrafficPolicyMode: permissive, enableEgress: egress }
  const spec = { traffic, featureFlags: { enableRetryPolicy: retries } }
  const metadata = { name: 'osm-mesh-config', namespace: 'osm-system' }
  return { apiVersion: 'config.openservicemesh.io/v1alpha2', kind: 'MeshConfig', metadata, spec }
}
