import type { Account, Topology } from '@bookstore/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { meaning } from '../../test-support/translated.ts'
import { evaluateAccess } from '../access/evaluate.ts'
import type { AccessRequest } from '../access/request.ts'
import type { Mesh } from '../mesh.ts'
import { parsePolicyObjects } from '../parse/policies.ts'
import { disagreements, splitDisagreements } from './compare.ts'
import { asEnforced, translatePolicies } from './translate.ts'
import type { TranslateOptions } from './translation.ts'

const options: TranslateOptions = { to: 'istio', known: [], portOf: () => undefined, trustDomain: 'cluster.local' }

describe('every generated set', () => {
  test('decides alike after the translation, for every request, where nothing was narrowed or refused', () => {
    let allowed = 0
    let denied = 0
    fc.assert(
      fc.property(policySets, fc.array(requests, { minLength: 20, maxLength: 40 }), (objects, asked) => {
        const before = meshOf(objects)
        const translation = translatePolicies(before, options)
        expect(translation.refusals).toEqual([])
        const meant = { ...before, policies: asEnforced(before.policies) }
        const after = meaning(translation, topology)
        expect(disagreements(meant, after, asked)).toEqual([])
        expect(splitDisagreements(meant, after)).toEqual([])
        for (const request of asked) evaluateAccess(after, request).allowed ? allowed++ : denied++
      }),
      { numRuns: 100 }
    )
    // a set that denies everything would prove nothing
    expect(Math.min(allowed, denied)).toBeGreaterThan(300)
  })

  test('never allows more, whatever its expressions are', () => {
    fc.assert(
      fc.property(wildSets, fc.array(requests, { minLength: 20, maxLength: 40 }), (objects, asked) => {
        const before = meshOf(objects)
        const known = asked.slice(0, 5).map(({ path, headers = {} }) => ({ path, headers }))
        const after = meaning(translatePolicies(before, { ...options, known }), topology)
        const more = disagreements({ ...before, policies: asEnforced(before.policies) }, after, asked)
        expect(more.filter(({ after }) => after)).toEqual([])
      }),
      { numRuns: 60 }
    )
  })
})

const accounts: readonly Account[] = ['a', 'b', 'c'].map(name => ({ namespace: 'shop', serviceAccount: name }))
const topology: Topology = {
  workloads: ['a', 'b', 'c', 'db'].map(name => ({
    name,
    namespace: 'shop',
    serviceAccount: name,
    labels: { app: name },
    addresses: []
  })),
  services: ['a', 'b', 'c'].map(name => ({ name, namespace: 'shop', selector: { app: name } }))
}
const words = ['/books', '/books/', '/books/7', '/books/7/buy', '/sell', '/sell/now', '/', '/v1.0', '/v1x0']
const exact = fc.constantFrom(
  '/books',
  '/books/.*',
  '/books/.+',
  '.*',
  '.*/buy',
  '/(books|sell)(/.*)?',
  '/v1\\.0',
  '^/sell$',
  '/books/?',
  '/[bs]ell'
)
const wild = fc.oneof(
  exact,
  fc.constantFrom(
    '.*ook.*',
    '/books/[0-9]+',
    '/v1.0',
    '/b+.*',
    '.*o.*s',
    '(?i)/BOOKS',
    '/books/[0-9]+|/sell.*',
    '/books|/s.*',
    '.*\\*',
    '/sell/{1}now'
  )
)
const headerValue = fc.constantFrom('v1', 'v2', 'beta')
const headerExpression = fc.constantFrom('v1', 'v.*', '(v1|beta)', '.+')
const methods = fc.subarray(['GET', 'POST', 'DELETE'])

const requests: fc.Arbitrary<AccessRequest> = fc.record({
  source: fc.constantFrom(...accounts, { namespace: 'shop', serviceAccount: 'd' }),
  destination: fc.constantFrom(...topology.workloads.slice(0, 3)),
  method: fc.constantFrom('GET', 'POST', 'DELETE'),
  path: fc.constantFrom(...words),
  headers: fc.oneof(
    fc.constant({}),
    headerValue.map(value => ({ 'x-version': value, 'user-agent': value }))
  ),
  port: fc.constantFrom(80, 81, 8080)
})

const policySets = setsOf(exact)
const wildSets = setsOf(wild)

function setsOf(path: fc.Arbitrary<string>): fc.Arbitrary<readonly unknown[]> {
  const match = fc.record({ path: fc.option(path), methods, header: fc.option(headerExpression) })
  const target = fc.record({
    to: fc.constantFrom('a', 'b', 'c'),
    from: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
    matches: fc.array(match, { minLength: 1, maxLength: 3 }),
    ports: fc.option(fc.subarray([80, 81, 8080], { minLength: 1 }))
  })
  const weights = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.constantFrom('0', '500m', '3', '7'))
  return fc
    .record({
      permissive: fc.constantFrom(true, false, false, null),
      egress: fc.boolean(),
      targets: fc.array(target, { maxLength: 5 }),
      weights: fc.option(weights)
    })
    .map(({ permissive, egress, targets, weights }) => [
      ...(permissive === null ? [] : [meshConfig(permissive, egress)]),
      ...(weights === null ? [] : [trafficSplit(weights)]),
      ...targets.flatMap(trafficTarget)
    ])
}

function meshConfig(permissive: boolean, egress: boolean) {
  const traffic = { enablePermissiveTrafficPolicyMode: permissive, enableEgress: egress }
  const metadata = { name: 'osm-mesh-config', namespace: 'osm-system' }
  return { apiVersion: 'config.openservicemesh.io/v1alpha2', kind: 'MeshConfig', metadata, spec: { traffic } }
}

function trafficSplit([first, second]: readonly [number, string]) {
  const backends = [
    { service: 'b', weight: first },
    { service: 'c', weight: second }
  ]
  const metadata = { name: 'split', namespace: 'shop' }
  return { apiVersion: 'split.smi-spec.io/v1alpha2', kind: 'TrafficSplit', metadata, spec: { service: 'a', backends } }
}

interface Target {
  readonly to: string
  readonly from: readonly string[]
  readonly matches: readonly {
    readonly path: string | null
    readonly methods: string[]
    readonly header: string | null
  }[]
  readonly ports: number[] | null
}

function trafficTarget({ to, from, matches, ports }: Target, at: number) {
  const account = (name: string) => ({ kind: 'ServiceAccount', name, namespace: 'shop' })
  const metadata = { name: `rule-${at}`, namespace: 'shop' }
  const specs = { apiVersion: 'specs.smi-spec.io/v1alpha4', metadata }
  const rules = [
    { kind: 'HTTPRouteGroup', name: metadata.name, matches: matches.map((_, index) => `match-${index}`) },
    ...(ports === null ? [] : [{ kind: 'TCPRoute', name: metadata.name }])
  ]
  const routes = matches.map(({ path, methods, header }, index) => ({
    name: `match-${index}`,
    ...(path !== null && { pathRegex: path }),
    ...(methods.length > 0 && { methods }),
    ...(header !== null && { headers: [{ 'x-version': header }] })
  }))
  return [
    {
      apiVersion: 'access.smi-spec.io/v1alpha3',
      kind: 'TrafficTarget',
      metadata,
      spec: { destination: account(to), sources: from.map(account), rules }
    },
    { ...specs, kind: 'HTTPRouteGroup', spec: { matches: routes } },
    ...(ports === null ? [] : [{ ...specs, kind: 'TCPRoute', spec: { matches: { ports } } }])
  ]
}

function meshOf(objects: readonly unknown[]): Mesh {
  const { policies, errors } = parsePolicyObjects(objects)
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  return { policies, topology }
}
