import { defaultTopology } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { accessV1, deployed, permissiveOff, policiesOf, split5050 } from '../../test-support/policy-files.ts'
import { emptyPolicies } from '../model.ts'
import { describePolicies } from './describe.ts'
import { explain } from './explain.ts'
import { policyWarnings } from './warnings.ts'

const topology = defaultTopology()
const gap =
  'bookstore-v2 (account bookstore-v2) cannot reach bookwarehouse: its restocks are denied silently, because bookstore-v2 is not a source of TrafficTarget bookstore-access-bookwarehouse.'

describe('policyWarnings', () => {
  test('shows the gap of the tutorial, in force or only applied', () => {
    expect(policyWarnings({ policies: policiesOf(permissiveOff, accessV1), topology })).toContain(gap)
    const applied = policyWarnings({
      policies: policiesOf(deployed('permissive-on.yaml'), accessV1),
      topology
    })
    expect(applied).toContainEqual(gap.replace('bookwarehouse:', 'bookwarehouse once permissive mode is off:'))
    expect(applied[0]).toContain('permissive mode is on')
  })

  test('has nothing to say about our own files', () => {
    const own = policiesOf(...['permissive-off.yaml', 'access-buyer.yaml', 'split-90-10.yaml'].map(deployed))
    expect(policyWarnings({ policies: own, topology })).toEqual([])
    const twins = ['deny-all', 'access-buyer', 'split-90-10', 'mtls-strict'].map(name => deployed(`istio/${name}.yaml`))
    expect(policyWarnings({ policies: policiesOf(...twins), topology })).toEqual([])
    expect(policyWarnings({ policies: emptyPolicies, topology })).toEqual([])
  })

  test('says what a cluster would not take: a quantity as weight', () => {
    const [warning] = policyWarnings({
      policies: policiesOf(deployed('split-500m-500m.yaml')),
      topology
    })
    expect(warning).toContain('weight 500m is a Kubernetes quantity')
  })

  test.each([
    [
      'a group that is not there',
      'name: bookstore-service-routes\n    matches',
      'name: gone\n    matches',
      'there is no HTTPRouteGroup gone'
    ],
    ['a match that is not there', '[buy-a-book, ', '[buy-a-boko, ', 'has no match buy-a-boko'],
    ['a rule without matches', '[buy-a-book, books-bought]', '[]', 'names no match'],
    [
      'an account that nobody has',
      '{kind: ServiceAccount, name: bookstore, namespace: bookstore}\n  rules',
      '{kind: ServiceAccount, name: shop, namespace: bookstore}\n  rules',
      'nothing runs as account shop'
    ]
  ])('tells of %s', (_, from, to, words) => {
    const policies = policiesOf(permissiveOff, {
      name: 'a.yaml',
      text: accessV1.text.replace(from, to)
    })
    expect(policyWarnings({ policies, topology }).join('\n')).toContain(words)
  })

  test.each([
    ['a root that is not there', 'bookstore.bookstore', 'shop', 'there is no Service bookstore/shop'],
    [
      'a backend that is not there',
      'bookstore-v2',
      'bookstore-v3',
      'requests to bookstore-v3 fail with 503: there is no Service bookstore/bookstore-v3'
    ],
    [
      'a root that does not select the leaf',
      'bookstore.bookstore',
      'bookstore-v1',
      'does not select the pods of bookstore-v2'
    ]
  ])('tells of a split with %s', (_, from, to, words) => {
    const policies = policiesOf({ name: 'a.yaml', text: split5050.text.replace(from, to) })
    expect(policyWarnings({ policies, topology }).join('\n')).toContain(words)
  })

  test('tells which of two splits of one service holds', () => {
    const policies = policiesOf(split5050, deployed('istio/split-90-10.yaml'))
    expect(policyWarnings({ policies, topology })).toEqual([
      'VirtualService bookstore/bookstore-virtualservice: TrafficSplit bookstore/bookstore-split splits bookstore already; the first one holds.'
    ])
  })
})

describe('describePolicies', () => {
  test('tells mode, split and who may reach whom', () => {
    const lines = describePolicies({
      policies: policiesOf(permissiveOff, accessV1, split5050),
      topology
    })
    expect(lines[0]).toBe(
      'Permissive mode is off (MeshConfig kube-system/osm-mesh-config): everything is denied that no TrafficTarget allows; 3 TrafficTargets in force.'
    )
    expect(lines[1]).toBe(
      'bookstore goes to bookstore-v1 50 %, bookstore-v2 50 % (TrafficSplit bookstore/bookstore-split).'
    )
    expect(lines).toContain('bookthief -> bookstore-v1: denied (bookthief is not a source of TrafficTarget bookstore)')
    expect(lines).toContain(`warning: ${gap}`)
  })

  test('tells that nothing is declared, and what Istio denies', () => {
    expect(describePolicies({ policies: emptyPolicies, topology })[0]).toContain('everybody may reach everybody')
    expect(describePolicies({ policies: policiesOf(deployed('istio/deny-all.yaml')), topology })[0]).toContain(
      '4 AuthorizationPolicies'
    )
    const mtls = describePolicies({
      policies: policiesOf(deployed('istio/mtls-strict.yaml')),
      topology
    })
    expect(mtls[1]).toContain('bookstore-v1 STRICT')
  })
})

describe('explain', () => {
  const policies = policiesOf(permissiveOff, accessV1, split5050)

  test('asks with the headers that the real client sends', () => {
    const question = {
      source: 'bookbuyer',
      destination: 'bookstore-v1',
      method: 'get',
      path: '/books-bought'
    }
    expect(explain({ policies, topology }, question).answers).toMatchObject([{ access: { allowed: true } }])
    expect(explain({ policies, topology }, { ...question, headers: {} }).answers).toMatchObject([
      { access: { allowed: false, how: '404' } }
    ])
  })

  test('takes a service for the workloads behind it, and tells its split', () => {
    const { lines } = explain(
      { policies, topology },
      {
        source: 'bookthief',
        destination: 'bookstore',
        method: 'GET',
        path: '/buy-a-book/new'
      }
    )
    expect(lines).toEqual([
      'bookstore goes to bookstore-v1 50 %, bookstore-v2 50 % (TrafficSplit bookstore/bookstore-split)',
      'bookthief -> bookstore-v1 GET /buy-a-book/new: denied (the connection is closed): bookthief is not a source of TrafficTarget bookstore',
      'bookthief -> bookstore-v2 GET /buy-a-book/new: denied (the connection is closed): no TrafficTarget has bookstore-v2 (account bookstore-v2) as its destination'
    ])
  })

  test('names who there is when a name is unknown', () => {
    const ask = (source: string, destination: string) => () =>
      explain({ policies, topology }, { source, destination, method: 'GET', path: '/' })
    expect(ask('nobody', 'bookstore')).toThrow(/source of bookbuyer, bookthief.*got nobody/)
    expect(ask('bookbuyer', 'nowhere')).toThrow(/destination of .*bookstore-v1.*got nowhere/)
  })
})
