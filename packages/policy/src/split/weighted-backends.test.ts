import { defaultTopology, withAddresses } from '@bookstore/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accessV1, deployed, permissiveOff, policiesOf, split5050, splitFile } from '../../test-support/policy-files.ts'
import { emptyPolicies } from '../model.ts'
import { declaredSplit } from './declared-split.ts'
import { backendsOf } from './weighted-backends.ts'

const topology = defaultTopology()
const root = { namespace: 'bookstore', name: 'bookstore' }
const buyer = { namespace: 'bookbuyer', serviceAccount: 'bookbuyer' }
const purchase = { method: 'GET', path: '/buy-a-book/new' }
const sharesOf = (...parameters: Parameters<typeof backendsOf>) =>
  backendsOf(...parameters)?.backends.map(({ name, share, workloads }) => [
    name,
    share,
    workloads.map(workload => workload.name)
  ])

describe('backendsOf', () => {
  test('sends every pod the same without a split', () => {
    const scaled = withAddresses(topology, {
      'bookstore-v1': ['http://127.0.0.1:1', 'http://127.0.0.1:2', 'http://127.0.0.1:3'],
      'bookstore-v2': ['http://127.0.0.1:4']
    })
    expect(sharesOf({ policies: emptyPolicies, topology }, root)).toEqual([
      ['bookstore-v1', 0.5, ['bookstore-v1']],
      ['bookstore-v2', 0.5, ['bookstore-v2']]
    ])
    expect(sharesOf({ policies: emptyPolicies, topology: scaled }, root)?.map(([, share]) => share)).toEqual([
      0.75, 0.25
    ])
  })

  test.each([
    [50, 50, 0.5],
    ['500m', '500m', 0.5],
    [100, 0, 1],
    [0, 100, 0],
    ['0.9', '100m', 0.9],
    ['1k', 3000, 0.25],
    [1, 2, 1 / 3]
  ])('gives weights %s and %s their ratio', (v1, v2, share) => {
    const backends = backendsOf({ policies: policiesOf(splitFile(v1, v2)), topology }, root)?.backends
    expect(backends?.[0]?.share).toBeCloseTo(share, 15)
    expect(backends?.[1]?.share).toBeCloseTo(1 - share, 15)
  })

  test('takes the root in every form that names it', () => {
    for (const host of ['bookstore', 'bookstore.bookstore.svc', 'bookstore.bookstore.svc.cluster.local']) {
      const file = { ...split5050, text: split5050.text.replace('bookstore.bookstore', host) }
      expect(backendsOf({ policies: policiesOf(file), topology }, root)?.source).toBe(
        'TrafficSplit bookstore/bookstore-split'
      )
    }
  })

  test('leaves other services alone, and knows no foreign ones', () => {
    const leaf = { namespace: 'bookstore', name: 'bookstore-v2' }
    expect(backendsOf({ policies: policiesOf(split5050), topology }, leaf)?.declared).toBe(false)
    expect(backendsOf({ policies: policiesOf(split5050), topology }, { namespace: 'x', name: 'bookstore' })).toBeNull()
  })

  test('in OSM a source only knows the pods it may reach', () => {
    const strict = policiesOf(permissiveOff, accessV1)
    expect(sharesOf({ policies: strict, topology }, root, { ...purchase, source: buyer })).toEqual([
      ['bookstore-v1', 1, ['bookstore-v1']]
    ])
    const split = backendsOf({ policies: policiesOf(permissiveOff, accessV1, split5050), topology }, root, {
      ...purchase,
      source: buyer
    })
    expect(split?.backends[1]).toMatchObject({
      share: 0.5,
      workloads: [],
      missing: 'no TrafficTarget lets the caller reach account bookstore-v2'
    })
  })

  test('resolves the subsets of a VirtualService by their labels', () => {
    expect(sharesOf({ policies: policiesOf(deployed('istio/split-90-10.yaml')), topology }, root)).toEqual([
      ['bookstore-v1', 0.9, ['bookstore-v1']],
      ['bookstore-v2', expect.closeTo(0.1, 15), ['bookstore-v2']]
    ])
  })

  test('a subset that no DestinationRule has gets no pods, with the reason', () => {
    const [virtualService] = deployed('istio/split-50-50.yaml').text.split('---')
    const policies = policiesOf({ name: 'vs.yaml', text: virtualService ?? '' })
    expect(backendsOf({ policies, topology }, root)?.backends[0]).toMatchObject({
      name: 'bookstore-v1',
      workloads: [],
      missing: 'no DestinationRule of bookstore has a subset v1'
    })
  })

  test('takes the first rule that matches, and none is no backend', () => {
    const text = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: bookstore}
spec:
  parentRefs: [{kind: Service, group: "", name: bookstore, port: 14001}]
  rules:
  - matches: [{path: {type: PathPrefix, value: /buy-a-book}, headers: [{name: Canary, value: "yes"}]}]
    backendRefs: [{name: bookstore-v2, port: 14001}]
  - matches: [{path: {value: /buy-a-book}, method: GET}]
    backendRefs: [{name: bookstore-v1, port: 14001, weight: 3}, {name: bookstore-v2, port: 14001, weight: 1}]
`
    const policies = policiesOf({ name: 'r.yaml', text })
    const canary = { ...purchase, headers: { canary: 'yes' } }
    expect(sharesOf({ policies, topology }, root, canary)).toEqual([['bookstore-v2', 1, ['bookstore-v2']]])
    expect(sharesOf({ policies, topology }, root, purchase)?.map(([, share]) => share)).toEqual([0.75, 0.25])
    expect(backendsOf({ policies, topology }, root, { ...purchase, path: '/raw' })?.backends).toEqual([])
    expect(sharesOf({ policies, topology }, root, { ...purchase, path: '/buy-a-bookshop' })).toEqual([])
  })

  test('shares sum to 1 for all weights that parse', () => {
    const weight = fc.oneof(
      fc.nat({ max: 1000 }),
      fc.nat({ max: 999 }).map(n => `${n}m`)
    )
    fc.assert(
      fc.property(weight, fc.integer({ min: 1, max: 1000 }), (v1, v2) => {
        const backends = backendsOf({ policies: policiesOf(splitFile(v1, v2)), topology }, root)?.backends ?? []
        expect(backends.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12)
      }),
      { numRuns: 50 }
    )
  })
})

describe('declaredSplit', () => {
  test('is null where nothing was declared', () => {
    expect(declaredSplit({ policies: emptyPolicies, topology })).toBeNull()
  })

  test('says the same by TrafficSplit and by VirtualService', () => {
    const shares = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }
    const osm = policiesOf(deployed('split-500m-500m.yaml'))
    const istio = policiesOf(deployed('istio/split-50-50.yaml'))
    expect(declaredSplit({ policies: osm, topology })).toEqual({
      shares,
      source: 'TrafficSplit bookstore/bookstore-split'
    })
    expect(declaredSplit({ policies: istio, topology })).toEqual({
      shares,
      source: 'VirtualService bookstore/bookstore-virtualservice'
    })
  })
})
