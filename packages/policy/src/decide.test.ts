import { defaultTopology, type Topology, withAddresses } from '@bookstore/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accessV1, deployed, permissiveOff, policiesOf, split5050, splitFile } from '../test-support/policy-files.ts'
import { type Decision, decide } from './decide.ts'
import { emptyPolicies, type PolicySet } from './model.ts'

const topology = withAddresses(defaultTopology(), {
  'bookstore-v1': ['http://127.0.0.1:1', 'http://127.0.0.1:2'],
  'bookstore-v2': ['http://127.0.0.1:3']
})
const purchase = {
  source: { namespace: 'bookbuyer', serviceAccount: 'bookbuyer' },
  service: { namespace: 'bookstore', name: 'bookstore' },
  method: 'GET',
  path: '/buy-a-book/new',
  headers: { 'user-agent': 'Go-http-client/1.1' }
}

function decideAt(policies: PolicySet, at: number, where: Topology = topology): Decision {
  return decide({ policies, topology: where }, purchase, () => at)
}

describe('decide', () => {
  test('walks through the weights, and never chooses a weight of 0', () => {
    const backendAt = (policies: PolicySet, at: number) => {
      const decision = decideAt(policies, at)
      return decision.kind === 'forward' ? decision.backend : decision.why
    }
    const even = policiesOf(split5050)
    expect([0, 0.49, 0.5, 0.99].map(at => backendAt(even, at))).toEqual([
      'bookstore-v1',
      'bookstore-v1',
      'bookstore-v2',
      'bookstore-v2'
    ])
    const [none, all] = [policiesOf(splitFile(0, 100)), policiesOf(splitFile(100, 0))]
    const justBelow1 = 1 - Number.EPSILON / 2
    fc.assert(
      fc.property(fc.double({ min: 0, max: justBelow1, noNaN: true }), at => {
        expect(backendAt(none, at)).toBe('bookstore-v2')
        expect(backendAt(all, at)).toBe('bookstore-v1')
      })
    )
  })

  test('spreads over all pods of a backend', () => {
    const addresses = [0, 0.6].map(at => {
      const decision = decideAt(policiesOf(splitFile(1, 0)), at)
      return decision.kind === 'forward' && decision.address
    })
    expect(addresses).toEqual(['http://127.0.0.1:1', 'http://127.0.0.1:2'])
  })

  test('resets what no TrafficTarget allows, before any backend is chosen', () => {
    expect(decideAt(policiesOf(permissiveOff, split5050), 0)).toEqual({
      kind: 'denied',
      destination: 'bookstore',
      how: 'reset',
      why: 'no TrafficTarget has bookstore-v1 (account bookstore) as its destination; no TrafficTarget has bookstore-v2 (account bookstore-v2) as its destination'
    })
  })

  test('the tutorial in OSM: without a split only v1 is known; with one, the share of v2 gets 503', () => {
    const access = policiesOf(permissiveOff, accessV1)
    for (const at of [0, 0.5, 0.99]) expect(decideAt(access, at)).toMatchObject({ backend: 'bookstore-v1' })
    const split = policiesOf(permissiveOff, accessV1, split5050)
    expect(decideAt(split, 0.1)).toMatchObject({ kind: 'forward', backend: 'bookstore-v1' })
    expect(decideAt(split, 0.9)).toEqual({
      kind: 'denied',
      destination: 'bookstore-v2',
      how: '503',
      why: 'no TrafficTarget lets the caller reach account bookstore-v2'
    })
  })

  test('answers 503 where there is no pod', () => {
    expect(decideAt(emptyPolicies, 0, defaultTopology())).toMatchObject({
      how: '503',
      why: 'bookstore has no pod with an address'
    })
    const gone = policiesOf({
      ...split5050,
      text: split5050.text.replace('bookstore-v2', 'bookstore-v9')
    })
    expect(decideAt(gone, 0.9)).toMatchObject({ how: '503', destination: 'bookstore-v9' })
    expect(decideAt(emptyPolicies, 0, { ...topology, workloads: [] })).toMatchObject({ how: '503' })
  })

  test('answers 403 as Istio does, and 404 off the rules of a route', () => {
    const denied = policiesOf(deployed('istio/deny-all.yaml'))
    expect(decideAt(denied, 0)).toMatchObject({ how: '403', destination: 'bookstore-v1' })
    const text = deployed('istio/split-50-50.yaml').text.replace(
      '- route:',
      '- match: [{uri: {prefix: /raw}}]\n    route:'
    )
    expect(decideAt(policiesOf({ name: 'vs.yaml', text }), 0)).toEqual({
      kind: 'denied',
      destination: 'bookstore',
      how: '404',
      why: 'GET /buy-a-book/new matches no rule of VirtualService bookstore/bookstore-virtualservice'
    })
  })
})
