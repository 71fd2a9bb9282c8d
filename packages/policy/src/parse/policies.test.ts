import { defaultTopology } from '@bookstore/contract'
import { describe, expect, test } from 'vitest'
import { accessV1, deployed, permissiveOff, split5050, splitFile } from '../../test-support/policy-files.ts'
import { policyWarnings } from '../describe/warnings.ts'
import { formatPolicyError } from '../errors.ts'
import { parsePolicies, parsePolicyObjects } from './policies.ts'

const parse = (text: string) => parsePolicies([{ name: 'a.yaml', text }])
const errorsOf = (text: string) => parse(text).errors.map(formatPolicyError)

const target = (spec: string) => `apiVersion: access.smi-spec.io/v1alpha3
kind: TrafficTarget
metadata: {name: t, namespace: bookstore}
spec: ${spec}
`
const istio = (kind: string, spec: string) => {
  const group = kind.startsWith('Aut') || kind.startsWith('Peer') ? 'security' : 'networking'
  return `apiVersion: ${group}.istio.io/v1
kind: ${kind}
metadata: {name: t, namespace: bookstore}
spec: ${spec}
`
}

describe('parsePolicies', () => {
  test('reads the tutorial files and all of ours without an error', () => {
    const own = ['permissive-on', 'access-buyer', 'split-500m-500m'].map(name => deployed(`${name}.yaml`))
    const twins = ['deny-all', 'access-buyer', 'mtls-strict', 'split-90-10']
    const istioFiles = twins.map(name => deployed(`istio/${name}.yaml`))
    expect(parsePolicies([permissiveOff, accessV1, split5050]).errors).toEqual([])
    expect(parsePolicies([...own, ...istioFiles]).errors).toEqual([])
  })

  test('names the file, the line and the field of a mistake', () => {
    expect(parsePolicies([splitFile(50, 'lots')]).errors).toEqual([
      {
        file: 'split.yaml',
        line: 12,
        field: 'spec.backends[1].weight',
        message: 'expected a weight such as 50, 0, 500m or 1k, got "lots"'
      }
    ])
  })

  test('says nothing of zeros when the weight beside a 0 cannot be read', () => {
    const { errors } = parsePolicies([splitFile(0, 'lots')])
    expect(errors.map(({ field }) => field)).toEqual(['spec.backends[1].weight'])
  })

  test('one bad document does not hide the others', () => {
    const { policies, errors } = parse(`${split5050.text}---\nkind: Pod\napiVersion: v1\n---\n${accessV1.text}`)
    expect(errors.map(error => error.line)).toEqual([14])
    expect(policies.splits).toHaveLength(1)
    expect(policies.trafficTargets).toHaveLength(3)
  })

  test('text that is no YAML is an error with its line', () => {
    const [error] = parse('kind: "TrafficSplit\nmetadata: [').errors
    expect(error).toMatchObject({ file: 'a.yaml', field: '' })
    expect(error?.message).toContain('expected YAML')
  })

  test.each([
    [
      'a bomb of aliases',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]`
    ],
    ['brackets without end', '['.repeat(100_000)],
    ['a file of 300 KB', 'x'.repeat(300_000)]
  ])('%s is an error and no crash', (_, text) => {
    expect(parse(text).errors.length).toBeGreaterThan(0)
  })

  test.each([
    [
      'Service, which is no policy',
      'apiVersion: v1\nkind: Service\nmetadata: {name: x}',
      'kind: Service (v1) is no policy'
    ],
    [
      'an unknown version',
      split5050.text.replace('v1alpha2', 'v1alpha4'),
      'split.smi-spec.io/v1alpha2 for a TrafficSplit'
    ],
    ['a foreign group', split5050.text.replace('split.smi', 'other.smi'), 'got "other.smi-spec.io/v1alpha2"'],
    ['a missing name', split5050.text.replace('name: bookstore-split', 'labels: {}'), 'metadata.name: expected a text'],
    ['a list of numbers', '- 1\n- 2', 'expected a mapping with apiVersion and kind'],
    ['an unknown field on top', `${split5050.text}extra: 1`, 'extra is not modelled'],
    ['weights all 0', splitFile(0, '0').text, 'at least one weight above 0'],
    ['a negative weight', splitFile(-1, 2).text, '0 or more, got -1'],
    ['an empty weight', splitFile("''", 2).text, 'got an empty text'],
    ['a missing weight', splitFile('', 2).text, 'spec.backends[0].weight: expected a weight such as 50, 0, 500m or 1k'],
    ['no backends', split5050.text.replace(/ {2}backends:.*/s, '  backends: []'), 'at least one member'],
    ['a backend twice', split5050.text.replace('bookstore-v2', 'bookstore-v1'), 'got bookstore-v1 twice'],
    [
      'a root elsewhere',
      split5050.text.replace('bookstore.bookstore', 'bookstore.other'),
      'a service of the namespace bookstore'
    ],
    [
      'matches of v1alpha4',
      split5050.text.replace('spec:', 'spec:\n  matches: []'),
      'spec.matches: matches is not modelled'
    ],
    [
      'a target elsewhere',
      accessV1.text.replace('name: bookstore, namespace: bookstore}', 'name: bookstore, namespace: x}'),
      'own namespace bookstore, got "x"'
    ],
    [
      'a source that is a user',
      target(
        '{destination: {kind: ServiceAccount, name: a, namespace: bookstore}, sources: [{kind: User, name: u, namespace: n}], rules: [{kind: HTTPRouteGroup, name: r}]}'
      ),
      'spec.sources[0].kind: expected ServiceAccount, got "User"'
    ],
    [
      'a source without namespace',
      target(
        '{destination: {kind: ServiceAccount, name: a, namespace: bookstore}, sources: [{kind: ServiceAccount, name: u}], rules: [{kind: HTTPRouteGroup, name: r}]}'
      ),
      'spec.sources[0].namespace: expected a text, got nothing'
    ],
    [
      'a UDP rule',
      target(
        '{destination: {kind: ServiceAccount, name: a, namespace: bookstore}, sources: [{kind: ServiceAccount, name: u, namespace: n}], rules: [{kind: UDPRoute, name: r}]}'
      ),
      'one of HTTPRouteGroup, TCPRoute'
    ],
    ['a broken expression', accessV1.text.replace('.*a-book.*new', '(a-book'), 'RE2: missing closing )'],
    ['a method of no kind', accessV1.text.replace('[POST]', '[RESTOCK]'), 'got "RESTOCK"'],
    [
      'no switch in a MeshConfig',
      permissiveOff.text.replace(/, enablePerm\w+: false/, ''),
      'expected true or false, got nothing'
    ],
    [
      'excluded ports',
      permissiveOff.text.replace('{enableEgress', '{outboundPortExclusionList: [1], enableEgress'),
      'outboundPortExclusionList is not modelled'
    ],
    [
      'a VirtualService with a fault',
      istio('VirtualService', '{hosts: [a], http: [{fault: {}, route: [{destination: {host: a}}]}]}'),
      'spec.http[0].fault: fault is not modelled'
    ],
    [
      'a VirtualService of a gateway',
      istio('VirtualService', '{hosts: [a], gateways: [g], http: [{route: [{destination: {host: a}}]}]}'),
      'expected mesh, got "g"'
    ],
    [
      'a host Istio would not complete',
      istio('VirtualService', '{hosts: [a.b], http: [{route: [{destination: {host: a}}]}]}'),
      'Istio adds nothing'
    ],
    [
      'a quantity in Istio',
      istio('VirtualService', '{hosts: [a], http: [{route: [{destination: {host: a}, weight: 500m}]}]}'),
      'a whole number as weight, got "500m"'
    ],
    [
      'two routes, one weightless',
      istio(
        'VirtualService',
        '{hosts: [a], http: [{route: [{destination: {host: a}}, {destination: {host: b}, weight: 1}]}]}'
      ),
      'route[0].weight: expected a whole number'
    ],
    ['a CUSTOM action', istio('AuthorizationPolicy', '{action: CUSTOM}'), 'expected one of ALLOW, DENY, got "CUSTOM"'],
    [
      'IP blocks',
      istio('AuthorizationPolicy', '{rules: [{from: [{source: {ipBlocks: [10.0.0.0/8]}}]}]}'),
      'expected notPrincipals: ["*"] beside ipBlocks'
    ],
    [
      'JWT claims',
      istio('AuthorizationPolicy', '{rules: [{when: [{key: "request.auth.claims[iss]", values: [a]}]}]}'),
      'request.headers[NAME] or one of'
    ],
    ['an empty source', istio('AuthorizationPolicy', '{rules: [{from: [{source: {}}]}]}'), 'at least one field'],
    [
      'modes per port of a namespace',
      istio('PeerAuthentication', '{mtls: {mode: STRICT}, portLevelMtls: {1: {mode: DISABLE}}}'),
      'expected a selector beside it'
    ],
    [
      'no range of addresses',
      istio('AuthorizationPolicy', '{rules: [{from: [{source: {ipBlocks: [10.0.0.0/99], notPrincipals: ["*"]}}]}]}'),
      'expected a range such as 10.1.0.0/16'
    ],
    [
      'an HTTPRoute of a Gateway',
      'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r}\nspec: {parentRefs: [{name: g, kind: Gateway, group: gateway.networking.k8s.io}], rules: [{backendRefs: [{name: a}]}]}',
      'expected Service, got "Gateway"'
    ]
  ])('refuses %s by name', (_, text, message) => {
    expect(errorsOf(text).join('\n')).toContain(message)
  })

  test.each([
    [
      'Retry',
      '{source: {kind: ServiceAccount, name: a, namespace: n}, destinations: [], retryPolicy: {retryOn: 5xx}}',
      'spec.destinations: expected a list with at least one'
    ],
    [
      'Retry',
      '{source: {kind: ServiceAccount, name: a, namespace: n}, destinations: [{kind: Service, name: a, namespace: n}], retryPolicy: {retryOn: often}}',
      'spec.retryPolicy.retryOn: expected conditions of 5xx'
    ],
    ['UpstreamTrafficSetting', '{host: bookstore}', 'expected NAME.bookstore.svc.cluster.local, a service'],
    [
      'UpstreamTrafficSetting',
      '{host: a.bookstore.svc.cluster.local, rateLimit: {local: {http: {requests: 1, unit: day}}}}',
      'unit: expected one of second, minute, hour, got "day"'
    ],
    [
      'Egress',
      '{sources: [{kind: ServiceAccount, name: a, namespace: n}], hosts: [h], ports: [{number: 80, protocol: udp}]}',
      'ports[0].protocol: expected one of http'
    ],
    [
      'IngressBackend',
      '{backends: [{name: a, port: {number: 80, protocol: tcp}}], sources: []}',
      'protocol: expected one of http, https'
    ]
  ])('refuses a %s that OSM would not take: %s', (kind, spec, message) => {
    const text = `apiVersion: policy.openservicemesh.io/v1alpha1\nkind: ${kind}\nmetadata: {name: o, namespace: bookstore}\nspec: ${spec}\n`
    expect(errorsOf(text).join('\n')).toContain(message)
  })

  test.each([
    [
      'VirtualService',
      '{hosts: [a], http: [{timeout: soon, route: [{destination: {host: a}}]}]}',
      'timeout: expected a duration'
    ],
    [
      'DestinationRule',
      '{host: a, trafficPolicy: {outlierDetection: {interval: 10}}}',
      'interval: expected a duration such as 1s'
    ],
    [
      'DestinationRule',
      '{host: a, trafficPolicy: {connectionPool: {tcp: {maxConnections: -1}}}}',
      'a whole number of at least 0, got -1'
    ],
    ['Sidecar', '{workloadSelector: {labels: {}}}', 'workloadSelector is not modelled']
  ])('refuses a %s that Istio would not take: %s', (kind, spec, message) => {
    expect(errorsOf(istio(kind, spec)).join('\n')).toContain(message)
  })

  test('fields that are not judged are passed over and named', () => {
    const rule =
      '{timeout: 1s, corsPolicy: {}, retries: {retryRemoteLocalities: true}, route: [{destination: {host: a}}]}'
    const { policies, errors } = parse(
      [
        istio('VirtualService', `{hosts: [a], http: [${rule}]}`),
        istio('DestinationRule', '{host: a, trafficPolicy: {outlierDetection: {minHealthPercent: 1}}}')
      ].join('---\n')
    )
    expect(errors).toEqual([])
    expect(policies.splits[0]?.ref.unjudged).toEqual([
      'spec.http[0].corsPolicy',
      'spec.http[0].retries.retryRemoteLocalities'
    ])
    expect(policies.destinationRules[0]?.ref.unjudged).toEqual(['spec.trafficPolicy.outlierDetection.minHealthPercent'])
    expect(policyWarnings({ policies, topology: defaultTopology() }).join('\n')).toContain(
      'spec.http[0].corsPolicy is not judged'
    )
  })

  test('an object that stands twice names both files, and a mesh has one MeshConfig', () => {
    const again = { ...split5050, name: 'again.yaml' }
    expect(parsePolicies([split5050, again]).errors.map(formatPolicyError)).toEqual([
      'again.yaml:1: metadata.name: expected TrafficSplit bookstore/bookstore-split once, got it in traffic-split-50-50.yaml:1 and here'
    ])
    const twins = parsePolicies([permissiveOff, deployed('permissive-on.yaml')]).errors
    expect(twins[0]?.message).toContain('one MeshConfig for the mesh')
  })

  test('reads a List, JSON, empty documents and comments', () => {
    const list = { apiVersion: 'v1', kind: 'List', items: [splitObject()] }
    expect(parse(`---\n# nothing\n---\n${JSON.stringify(list)}\n`)).toMatchObject({
      errors: [],
      policies: { splits: [{ ref: { name: 'bookstore-split' } }] }
    })
    expect(parse('')).toMatchObject({ errors: [] })
  })
})

describe('parsePolicyObjects', () => {
  test('reads what an API server answers, with its bookkeeping', () => {
    const metadata = {
      name: 'bookstore-split',
      namespace: 'bookstore',
      managedFields: [{}],
      uid: 'u'
    }
    const answer = { ...splitObject(), metadata, status: { anything: 1 } }
    const { policies, errors } = parsePolicyObjects([answer])
    expect(errors).toEqual([])
    expect(policies.splits[0]?.ref).not.toHaveProperty('line')
  })

  test('reports without a line, under the name of its source', () => {
    const [error] = parsePolicyObjects([{ ...splitObject(), kind: 'Other' }], {
      source: 'kind-test'
    }).errors
    expect(error).toMatchObject({ file: 'kind-test', field: 'kind' })
    expect(error).not.toHaveProperty('line')
  })

  test.each([null, undefined, 1, 'x', [], {}, { kind: 1 }])('%j is an error and no crash', value => {
    expect(parsePolicyObjects([value]).errors.length).toBeGreaterThan(0)
  })
})

function splitObject() {
  return {
    apiVersion: 'split.smi-spec.io/v1alpha2',
    kind: 'TrafficSplit',
    metadata: { name: 'bookstore-split', namespace: 'bookstore' },
    spec: {
      service: 'bookstore',
      backends: [
        { service: 'bookstore-v1', weight: 1 },
        { service: 'bookstore-v2', weight: 1 }
      ]
    }
  }
}
