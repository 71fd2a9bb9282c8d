import { accountOf, clientRequestsOf, defaultTopology, type Workload } from '@bookstore/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accessV1, deployed, permissiveOff, policiesOf } from '../../test-support/policy-files.ts'
import { emptyPolicies, type PolicySet } from '../model.ts'
import { evaluateAccess } from './evaluate.ts'
import type { Access, AccessRequest } from './request.ts'

const topology = defaultTopology()
const buyer = { namespace: 'bookbuyer', serviceAccount: 'bookbuyer' }
const thief = { namespace: 'bookthief', serviceAccount: 'bookthief' }
const agent = { 'User-Agent': 'Go-http-client/1.1' }
const own = { ...agent, 'Client-App': 'bookbuyer' }

function ask(policies: PolicySet, request: Partial<AccessRequest> = {}): Access {
  return evaluateAccess(
    { policies, topology },
    {
      source: buyer,
      destination: workload('bookstore-v1'),
      method: 'GET',
      path: '/buy-a-book/new',
      headers: agent,
      ...request
    }
  )
}

function workload(name: string): Workload {
  const found = topology.workloads.find(other => other.name === name)
  if (found === undefined) throw new Error(name)
  return found
}

describe('OSM', () => {
  const strict = policiesOf(permissiveOff)
  const tutorial = policiesOf(permissiveOff, accessV1)

  test('allows everything without a MeshConfig and in permissive mode, whatever TrafficTargets say', () => {
    expect(ask(emptyPolicies)).toEqual({ allowed: true, by: 'default: no policy denies it' })
    const on = policiesOf(deployed('permissive-on.yaml'), accessV1)
    expect(ask(on, { source: thief })).toMatchObject({ allowed: true })
    expect(ask(policiesOf(accessV1), { source: thief })).toMatchObject({ allowed: true })
  })

  test('closes every connection with permissive mode off and no TrafficTarget', () => {
    expect(ask(strict)).toEqual({
      allowed: false,
      how: 'reset',
      why: 'no TrafficTarget has bookstore-v1 (account bookstore) as its destination'
    })
  })

  test('lets the buyer of the tutorial buy, and not the thief', () => {
    expect(ask(tutorial)).toEqual({
      allowed: true,
      by: 'route buy-a-book of TrafficTarget bookstore/bookstore'
    })
    expect(ask(tutorial, { source: thief })).toEqual({
      allowed: false,
      how: 'reset',
      why: 'bookthief is not a source of TrafficTarget bookstore'
    })
  })

  test('answers 404 to an allowed source off its routes, with the nearest miss', () => {
    expect(ask(tutorial, { path: '/books-bought' })).toEqual({
      allowed: false,
      how: '404',
      why: 'GET /books-bought matches route books-bought but for header client-app, which must be bookbuyer and is missing'
    })
    expect(ask(tutorial, { path: '/raw' })).toEqual({
      allowed: false,
      how: '404',
      why: 'GET /raw matches no route; nearest is buy-a-book but for its path, which must be .*a-book.*new'
    })
    expect(ask(tutorial, { method: 'POST' })).toMatchObject({
      why: 'POST /buy-a-book/new matches route buy-a-book but for its method, which must be GET'
    })
  })

  test('matches headers by name in any case, and the path without its query', () => {
    expect(ask(tutorial, { path: '/books-bought?x=1', headers: own })).toMatchObject({
      allowed: true
    })
    const curl = { ...own, 'User-Agent': 'curl/8' }
    expect(ask(tutorial, { path: '/books-bought', headers: curl })).toMatchObject({ how: '404' })
  })

  test('matches the header host against the authority', () => {
    const restock = {
      source: { namespace: 'bookstore', serviceAccount: 'bookstore' },
      destination: workload('bookwarehouse'),
      method: 'POST',
      path: '/restock-books'
    }
    const host = { host: 'bookwarehouse.bookwarehouse' }
    expect(ask(tutorial, { ...restock, headers: host })).toMatchObject({ allowed: true })
    expect(ask(tutorial, { ...restock, headers: { host: 'other' } })).toMatchObject({ how: '404' })
  })

  test('answers 403 on a route that belongs to other sources only', () => {
    const two = accessV1.text.replace('[buy-a-book, books-bought]', '[buy-a-book]')
    const thiefs = `---
apiVersion: access.smi-spec.io/v1alpha3
kind: TrafficTarget
metadata: {name: browsing, namespace: bookstore}
spec:
  destination: {kind: ServiceAccount, name: bookstore, namespace: bookstore}
  rules: [{kind: HTTPRouteGroup, name: bookstore-service-routes, matches: [books-bought]}]
  sources: [{kind: ServiceAccount, name: bookthief, namespace: bookthief}]
`
    const policies = policiesOf(permissiveOff, { name: 'two.yaml', text: two + thiefs })
    expect(ask(policies, { source: thief })).toEqual({
      allowed: false,
      how: '403',
      why: 'bookthief is not a source of TrafficTarget bookstore, which allows GET /buy-a-book/new'
    })
  })

  test('opens the ports of a TCPRoute and no other', () => {
    const mysql = { ...workload('bookwarehouse'), name: 'mysql', serviceAccount: 'mysql' }
    const connect = {
      source: { namespace: 'bookwarehouse', serviceAccount: 'bookwarehouse' },
      destination: mysql,
      method: 'TCP',
      path: ''
    }
    expect(ask(tutorial, { ...connect, port: 3306 })).toMatchObject({ allowed: true })
    expect(ask(tutorial, { ...connect, port: 3307 })).toEqual({
      allowed: false,
      how: 'reset',
      why: 'TrafficTarget mysql does not open port 3307 to bookwarehouse'
    })
  })

  test('a rule without matches, or with a group that is not there, allows nothing', () => {
    const none = accessV1.text.replace('[buy-a-book, books-bought]', '[]')
    const policies = policiesOf(permissiveOff, { name: 'none.yaml', text: none })
    expect(ask(policies)).toMatchObject({ how: '404' })
  })
})

describe('Istio', () => {
  const access = policiesOf(deployed('istio/access-buyer.yaml'))

  test('denies with 403 where a policy selects the workload, and nowhere else', () => {
    expect(ask(access)).toMatchObject({ allowed: true })
    expect(ask(access, { source: thief })).toMatchObject({
      allowed: false,
      how: '403',
      why: expect.stringContaining('but for principal, which must be cluster.local/ns/bookbuyer/sa/bookbuyer')
    })
    expect(ask(access, { source: thief, destination: workload('bookbuyer') })).toEqual({
      allowed: true,
      by: 'default: no policy denies it'
    })
  })

  test('a policy without rules allows nothing in its namespace', () => {
    const denyAll = policiesOf(deployed('istio/deny-all.yaml'))
    expect(ask(denyAll)).toEqual({
      allowed: false,
      how: '403',
      why: 'AuthorizationPolicy deny-all allows nothing: it has no rules'
    })
    expect(ask(policiesOf(deployed('istio/deny-all.yaml'), deployed('istio/access-buyer.yaml')))).toMatchObject({
      allowed: true
    })
  })

  test('takes DENY before ALLOW, and an empty rule for everything', () => {
    const policy = (name: string, spec: string) =>
      `---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: ${name}, namespace: bookstore}\nspec: ${spec}\n`
    const all = policy('all', '{rules: [{}]}')
    const deny = policy('no-thief', '{action: DENY, rules: [{from: [{source: {namespaces: [bookthief]}}]}]}')
    const policies = policiesOf({ name: 'a.yaml', text: all + deny })
    expect(ask(policies)).toMatchObject({ allowed: true })
    expect(ask(policies, { source: thief })).toEqual({
      allowed: false,
      how: '403',
      why: 'rule 1 of AuthorizationPolicy no-thief (DENY) matches GET /buy-a-book/new'
    })
    expect(ask(policiesOf({ name: 'b.yaml', text: deny }))).toMatchObject({ allowed: true })
  })

  test('knows nobody where mTLS is switched off', () => {
    const off = `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: d, namespace: bookstore}\nspec: {mtls: {mode: DISABLE}}`
    const policies = policiesOf(deployed('istio/access-buyer.yaml'), {
      name: 'off.yaml',
      text: off
    })
    expect(ask(policies)).toMatchObject({ how: '403', why: expect.stringContaining('principal') })
    const strict = policiesOf(deployed('istio/access-buyer.yaml'), deployed('istio/mtls-strict.yaml'))
    expect(ask(strict)).toMatchObject({ allowed: true })
  })

  test('headers in a rule of their own, as a guide has them, let everybody in who sends them', () => {
    const text = `apiVersion: security.istio.io/v1beta1
kind: AuthorizationPolicy
metadata: {name: bookstore, namespace: bookstore}
spec:
  selector: {matchLabels: {app: bookstore}}
  action: ALLOW
  rules:
  - from: [{source: {principals: [cluster.local/ns/bookbuyer/sa/bookbuyer]}}, {source: {namespaces: [bookbuyer]}}]
    to: [{operation: {methods: [GET], paths: ["*/books-bought", "*/buy-a-book/new"]}}]
  - when:
    - {key: "request.headers[User-Agent]", values: ["*-http-client/*"]}
    - {key: "request.headers[Client-App]", values: [bookbuyer]}
`
    const guide = policiesOf({ name: 'guide.yaml', text })
    expect(ask(guide)).toMatchObject({ allowed: true, by: expect.stringContaining('rule 1') })
    expect(ask(guide, { source: thief, headers: own })).toMatchObject({ how: '403' })
    // Meant as "contains", but a star at both ends is a suffix that ends in a star.
    const mended = text.replace('*-http-client/*', 'Go-http-client/*')
    const policies = policiesOf({ name: 'mended.yaml', text: mended })
    expect(ask(policies, { source: thief })).toMatchObject({ how: '403' })
    expect(ask(policies, { source: thief, headers: own })).toMatchObject({ allowed: true })
  })
})

describe('any request', () => {
  const name = fc.constantFrom('bookbuyer', 'bookthief', 'bookstore', 'bookstore-v2', 'bookwarehouse', '')
  const request = fc.record({
    source: fc.record({ namespace: name, serviceAccount: name }),
    destination: fc.constantFrom(...topology.workloads),
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'TCP'), fc.string()),
    path: fc.oneof(fc.constantFrom('/buy-a-book/new', '/books-bought'), fc.string({ unit: 'binary' })),
    headers: fc.dictionary(fc.string(), fc.string()),
    port: fc.integer()
  })

  test('is denied by sets that allow nothing', () => {
    const osm = policiesOf(permissiveOff)
    const istio = policiesOf(deployed('istio/deny-all.yaml'))
    fc.assert(
      fc.property(request, asked => {
        expect(evaluateAccess({ policies: osm, topology }, asked).allowed).toBe(false)
        expect(evaluateAccess({ policies: istio, topology }, asked).allowed).toBe(false)
      })
    )
  })

  test('is decided by the shipped sets without an exception, and in words', () => {
    const sets = [
      policiesOf(permissiveOff, accessV1),
      policiesOf(deployed('permissive-off.yaml'), deployed('access-all.yaml')),
      policiesOf(deployed('istio/access-all.yaml'), deployed('istio/mtls-strict.yaml'))
    ]
    fc.assert(
      fc.property(request, fc.constantFrom(...sets), (asked, policies) => {
        const access = evaluateAccess({ policies, topology }, asked)
        expect(access.allowed ? access.by : access.why).not.toBe('')
      })
    )
  })

  test('of the real clients is allowed by our files as the course wants it, in OSM as in Istio', () => {
    const osm = (file: string) => policiesOf(deployed('permissive-off.yaml'), deployed(file))
    const istio = (file: string) => policiesOf(deployed('istio/deny-all.yaml'), deployed(`istio/${file}`))
    for (const mesh of [osm, istio]) {
      expect(denied(mesh('access-buyer.yaml'))).toEqual(['bookthief'])
      expect(denied(mesh('access-all.yaml'))).toEqual([])
    }
  })
})

function denied(policies: PolicySet): string[] {
  const callers = topology.workloads.filter(source => {
    const requests = clientRequestsOf(source)
    const isDenied = (request: (typeof requests)[number]) =>
      topology.workloads
        .filter(({ labels }) => labels['app'] === request.service.name)
        .some(destination => !ask(policies, { ...request, source: accountOf(source), destination }).allowed)
    return requests.some(isDenied)
  })
  return callers.map(({ name }) => name)
}
