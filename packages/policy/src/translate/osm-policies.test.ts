import { defaultTopology, type Topology } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { deployed, policiesOf, split5050 } from '../../test-support/policy-files.ts'
import { meaning } from '../../test-support/translated.ts'
import { comparePromises } from './compare-promises.ts'
import { asEnforced, translatePolicies } from './translate.ts'
import type { TranslateOptions } from './translation.ts'

const options: TranslateOptions = { to: 'istio', known: [], portOf: () => undefined, trustDomain: 'cluster.local' }
const shop: Topology = defaultTopology()
type Refused = readonly [kind: string, spec: string, reason: string, to?: 'istio' | 'gateway']

describe('what OSM has beside SMI', () => {
  const of = (text: string, to: 'istio' | 'gateway' = 'istio') =>
    translatePolicies({ policies: policiesOf({ name: 'a.yaml', text }), topology: shop }, { ...options, to })
  const object = (kind: string, spec: string) =>
    `apiVersion: policy.openservicemesh.io/v1alpha1\nkind: ${kind}\nmetadata: {name: x, namespace: bookstore}\nspec: ${spec}`
  const buyer = '{kind: ServiceAccount, name: bookbuyer, namespace: bookbuyer}'
  const nobody = '{kind: ServiceAccount, name: nobody, namespace: nowhere}'
  const stores = 'destinations: [{kind: Service, name: bookstore, namespace: bookstore}]'

  test.each(['retries.yaml', 'circuit-breaking.yaml', 'egress.yaml'])(
    '%s of the course is translated, and says the same',
    name => {
      const before = { policies: asEnforced(policiesOf(deployed(name))), topology: shop }
      const translation = translatePolicies(before, options)
      expect(translation.refusals).toEqual([])
      const { questions, disagreements } = comparePromises(before, meaning(translation, shop))
      expect(disagreements).toEqual([])
      expect(questions).toBeGreaterThan(3)
    }
  )

  test('a Retry means the pods of its source only, within the split', () => {
    const text = `${split5050.text}\n---\n${deployed('retries.yaml').text}`
    const [service] = of(text).objects.filter(({ kind }) => kind === 'VirtualService')
    expect(service?.spec['http']).toMatchObject([
      {
        match: [{ sourceNamespace: 'bookbuyer', sourceLabels: { app: 'bookbuyer', version: 'v1' } }],
        retries: { attempts: 3, retryOn: '5xx', perTryTimeout: '1s', backoff: '25ms' },
        route: [{ weight: 50 }, { weight: 50 }]
      },
      { route: [{ weight: 50 }, { weight: 50 }] }
    ])
  })

  test.for<Refused>([
    ['Retry', `{source: ${buyer}, ${stores}, retryPolicy: {retryOn: 5xx}}`, 'knows neither the source', 'gateway'],
    ['Retry', `{source: ${nobody}, ${stores}, retryPolicy: {retryOn: 5xx}}`, 'no workload with account nowhere/nobody'],
    ['Retry', `{source: ${buyer}, ${stores}, retryPolicy: {retryOn: 5xx, perTryTimeout: 0.5ms}}`, 'no time below 1ms'],
    [
      'Retry',
      `{source: ${buyer}, ${stores}, retryPolicy: {retryOn: 5xx, numRetries: 0, perTryTimeout: 1s}}`,
      'a deadline alone'
    ],
    [
      'UpstreamTrafficSetting',
      '{host: bookstore.bookstore.svc.cluster.local, rateLimit: {local: {http: {requests: 1, unit: second}}}}',
      'http: OSM'
    ],
    [
      'UpstreamTrafficSetting',
      '{host: bookstore.bookstore.svc.cluster.local, rateLimit: {local: {tcp: {}}}}',
      'rateLimit.local.tcp: OSM'
    ],
    [
      'UpstreamTrafficSetting',
      '{host: bookstore.bookstore.svc.cluster.local, rateLimit: {global: {}}}',
      'rateLimit.global: OSM'
    ],
    [
      'UpstreamTrafficSetting',
      '{host: bookstore.bookstore.svc.cluster.local, httpRoutes: [{path: /x, rateLimit: {local: {requests: 1, unit: second}}}]}',
      'httpRoutes: OSM'
    ],
    ['Egress', `{sources: [${buyer}], hosts: [a.b], ports: [{number: 80, protocol: http}], matches: [{}]}`, 'matches:'],
    ['Egress', `{sources: [${buyer}], hosts: ['*.b'], ports: [{number: 80, protocol: http}]}`, 'hosts with *'],
    [
      'Egress',
      `{sources: [${buyer}], hosts: [a.b], ipAddresses: [10.0.0.0/8], ports: [{number: 80, protocol: http}]}`,
      'ipAddresses beside http'
    ],
    ['Egress', `{sources: [${buyer}], ports: [{number: 80, protocol: tcp}]}`, 'tcp without ipAddresses'],
    ['Egress', `{sources: [${buyer}], ports: [{number: 443, protocol: https}]}`, 'without hosts open nothing'],
    [
      'Egress',
      '{sources: [{kind: ServiceAccount, name: bookstore, namespace: bookstore}], hosts: [a.b], ports: [{number: 80, protocol: http}]}',
      'bookstore-v2 (account bookstore-v2) of bookstore is no source'
    ],
    [
      'Egress',
      `{sources: [${nobody}], hosts: [a.b], ports: [{number: 80, protocol: http}]}`,
      'no workload of namespace nowhere is known'
    ],
    ...[
      [
        'https',
        '{kind: AuthenticatedPrincipal, name: a.b.cluster.local}, {kind: IPRange, name: 10.0.0.0/8}',
        'any address'
      ],
      ['https', '{kind: IPRange, name: 10.0.0.0/8}', 'names no AuthenticatedPrincipal'],
      ['https', '{kind: AuthenticatedPrincipal, name: "*"}', 'not of the form ACCOUNT.NAMESPACE'],
      ['http', '{kind: Service, name: nginx, namespace: ingress}', 'by their addresses, which change'],
      ['http', '{kind: AuthenticatedPrincipal, name: a.b.cluster.local}', 'plain HTTP from everybody']
    ].map(
      ([protocol, sources, reason = '']): Refused => [
        'IngressBackend',
        `{backends: [{name: bookstore, port: {number: 14001, protocol: ${protocol}}}], sources: [${sources}]}`,
        reason
      ]
    ),
    [
      'IngressBackend',
      '{backends: [{name: bookstore, port: {number: 1, protocol: http}, tls: {}}], sources: [{kind: IPRange, name: 10.0.0.0/8}]}',
      'no certificate but those of the mesh'
    ],
    [
      'IngressBackend',
      '{backends: [{name: gone, port: {number: 1, protocol: http}}], sources: [{kind: IPRange, name: 10.0.0.0/8}]}',
      'no pod is known behind Service bookstore/gone'
    ]
  ])('%s %s is refused by name: %s', ([kind, spec, reason, to]) => {
    const { refusals, objects } = of(object(kind, spec), to)
    expect(refusals).toHaveLength(1)
    expect(refusals[0]).toMatchObject({ object: `${kind} bookstore/x`, reason: expect.stringContaining(reason) })
    expect(refusals[0]?.todo).not.toBe('')
    expect(objects.filter(({ kind }) => !['PeerAuthentication', 'Sidecar'].includes(kind))).toEqual([])
  })

  test('the second of two about one thing is refused', () => {
    const retry = object('Retry', `{source: ${buyer}, ${stores}, retryPolicy: {retryOn: 5xx}}`)
    const setting = object(
      'UpstreamTrafficSetting',
      '{host: bookstore.bookstore.svc.cluster.local, connectionSettings: {tcp: {maxConnections: 1}}}'
    )
    const second = (text: string) => text.replace('name: x', 'name: y')
    const { refusals } = of([retry, second(retry), setting, second(setting)].join('\n---\n'))
    expect(refusals.map(({ object, reason }) => `${object}: ${reason}`)).toEqual([
      'Retry bookstore/y: Retry bookstore/x retries requests to bookstore already, and the first one holds',
      'UpstreamTrafficSetting bookstore/y: UpstreamTrafficSetting bookstore/x is about bookstore already, and the first one holds'
    ])
  })

  test('what OSM does not look at is not translated, and noted', () => {
    const { notes, refusals } = of(
      [
        deployed('retries.yaml').text.replace('enableRetryPolicy: true', 'enableRetryPolicy: false'),
        object('Egress', `{sources: [${buyer}], hosts: [a.b], ports: [{number: 80, protocol: http}]}`)
      ].join('\n---\n')
    )
    expect(refusals).toEqual([])
    expect(notes).toEqual([
      { object: 'Egress bookstore/x', text: expect.stringContaining('enableEgress is on') },
      { object: 'Retry bookbuyer/bookbuyer-retries', text: expect.stringContaining('enableRetryPolicy') }
    ])
  })
})
