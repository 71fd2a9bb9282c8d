import { defaultTopology, type Topology } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { accessV1, deployed, permissiveOff, policiesOf, split5050, splitFile } from '../../test-support/policy-files.ts'
import { meaning } from '../../test-support/translated.ts'
import { evaluateAccess } from '../access/evaluate.ts'
import type { AccessRequest } from '../access/request.ts'
import { disagreements, splitDisagreements } from './compare.ts'
import { translatePolicies } from './translate.ts'
import type { TranslateOptions, Translation } from './translation.ts'

const options: TranslateOptions = { to: 'istio', known: [], portOf: () => undefined, trustDomain: 'cluster.local' }
const course = [
  { path: '/buy-a-book/new', headers: { 'user-agent': 'Go-http-client/1.1' } },
  { path: '/books-bought', headers: { 'user-agent': 'Go-http-client/1.1', 'client-app': 'bookbuyer' } },
  { path: '/restock-books', headers: { host: 'bookwarehouse.bookwarehouse' } }
]
const mysql = {
  name: 'mysql',
  namespace: 'bookwarehouse',
  serviceAccount: 'mysql',
  labels: { app: 'mysql' },
  addresses: []
}
const shop: Topology = { ...defaultTopology(), workloads: [...defaultTopology().workloads, mysql] }

describe('the files of the course', () => {
  const before = { policies: policiesOf(permissiveOff, deployed('access-buyer.yaml'), split5050), topology: shop }
  const translation = translatePolicies(before, { ...options, known: course })
  const after = meaning(translation, shop)

  test('give Istio policies that decide alike for what the shop sends', () => {
    const requests = everyPair(shop).flatMap(pair =>
      [...course, { path: '/raw', headers: {} }].flatMap(({ path, headers }) => [
        { ...pair, method: 'GET', path, headers },
        { ...pair, method: 'POST', path, headers }
      ])
    )
    expect(requests.length).toBeGreaterThan(200)
    expect(disagreements(before, after, requests)).toEqual([])
    expect(requests.filter(request => evaluateAccess(after, request).allowed).length).toBeGreaterThan(4)
    expect(splitDisagreements(before, after)).toEqual([])
  })

  test('say what was narrowed, and refuse nothing', () => {
    expect(translation.refusals).toEqual([])
    expect(translation.notes.map(({ text }) => text)).toContain(
      'match buy-a-book: pathRegex .*a-book.*new was narrowed to *a-book/new; what else it took is denied'
    )
    expect(JSON.stringify(translation.objects)).toContain('Go-http-client*')
  })

  test('are refused by name where no known request shows what an expression is for', () => {
    const { refusals, objects } = translatePolicies(before, options)
    expect(refusals[0]).toMatchObject({ object: 'HTTPRouteGroup bookstore/bookstore-service-routes' })
    expect(refusals.map(({ reason }) => reason).join()).toContain('pathRegex .*a-book.*new cannot be said')
    // what is refused is denied: nothing is allowed that was not
    expect(disagreements(before, meaning({ objects }, shop), everyPair(shop).map(buying))).toEqual(
      everyPair(shop)
        .map(buying)
        .filter(request => evaluateAccess(before, request).allowed)
        .map(request => ({ request, before: true, after: false }))
    )
  })

  test('of the original are translated too, and name the account that only they reach', () => {
    const original = { policies: policiesOf(permissiveOff, accessV1), topology: shop }
    const { notes, refusals } = translatePolicies(original, { ...options, known: course })
    expect(refusals).toEqual([])
    expect(notes.map(({ text }) => text).join()).toContain(
      'OSM sends bookbuyer/bookbuyer only to bookstore-v1; Istio also to bookstore-v2'
    )
  })
})

describe('splits', () => {
  const split = (v1: string, v2: string, to: 'istio' | 'gateway' = 'istio', port?: number) =>
    translatePolicies(
      { policies: policiesOf(splitFile(v1, v2)), topology: shop },
      { ...options, to, portOf: () => port }
    )
  const only = (translation: Translation, kind: string) =>
    translation.objects.find(object => object.kind === kind)?.spec

  test('of Kubernetes quantities become whole numbers in the same ratio', () => {
    expect(only(split('500m', '1.5'), 'VirtualService')).toEqual({
      hosts: ['bookstore.bookstore.svc.cluster.local'],
      http: [
        {
          route: [
            { destination: { host: 'bookstore-v1.bookstore.svc.cluster.local' }, weight: 1 },
            { destination: { host: 'bookstore-v2.bookstore.svc.cluster.local' }, weight: 3 }
          ]
        }
      ]
    })
  })

  test('become an HTTPRoute where the port is known, and are refused where it is not', () => {
    expect(only(split('90', '10', 'gateway', 14001), 'HTTPRoute')).toEqual({
      parentRefs: [{ group: '', kind: 'Service', name: 'bookstore', port: 14001 }],
      rules: [
        {
          backendRefs: [
            { name: 'bookstore-v1', port: 14001, weight: 90 },
            { name: 'bookstore-v2', port: 14001, weight: 10 }
          ]
        }
      ]
    })
    expect(split('90', '10', 'gateway').refusals).toEqual([
      {
        object: 'TrafficSplit bookstore/bookstore-split',
        reason: 'an HTTPRoute names the port of Service bookstore/bookstore, which is not known',
        todo: 'add the Service to the files, or give --port'
      }
    ])
  })

  test('in a ratio that the target cannot count are refused', () => {
    expect(split('1n', '9E').refusals[0]?.reason).toContain('needs whole numbers above 2147483647')
    expect(split('1', '2M', 'gateway', 1).refusals[0]?.reason).toContain('needs whole numbers above 1000000')
  })
})

test('an account without a known workload, and labels that mean two accounts, are refused', () => {
  const policies = policiesOf(permissiveOff, accessV1)
  const without = translatePolicies({ policies, topology: defaultTopology() }, { ...options, known: course })
  expect(without.refusals.map(({ object }) => object)).toEqual(['TrafficTarget bookwarehouse/mysql'])
  const twins = shop.workloads.map(workload => ({ ...workload, labels: { app: workload.namespace } }))
  const alike = translatePolicies({ policies, topology: { ...shop, workloads: twins } }, { ...options, known: course })
  expect(alike.refusals.map(({ reason }) => reason)).toContain(
    'its labels select bookstore-v2 too, which has another account'
  )
})

function everyPair({ workloads }: Topology) {
  return workloads.flatMap(destination =>
    workloads.map(({ namespace, serviceAccount }) => ({ source: { namespace, serviceAccount }, destination }))
  )
}

function buying(pair: Pick<AccessRequest, 'source' | 'destination'>): AccessRequest {
  return { ...pair, method: 'GET', path: '/buy-a-book/new', headers: { 'user-agent': 'Go-http-client/1.1' } }
}
