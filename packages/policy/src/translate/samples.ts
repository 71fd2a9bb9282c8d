import { accountOf, sameAccount, type Workload } from '@bookstore/contract'
import type { AccessRequest } from '../access/request.ts'
import type { Mesh } from '../mesh.ts'
import type { PolicySet, RequestMatch, TrafficTarget } from '../model.ts'
import { takeApart } from './expression.ts'

/** A request without its ends. */
export interface Sample {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly port?: number
}

/**
 * Requests that touch every rule: from each source that a policy names, and from one that none does, to each workload,
 * each sample and each request that a route describes, and each of them with one thing changed.
 */
export function requestsAround(mesh: Mesh, samples: readonly Sample[]): readonly AccessRequest[] {
  const { policies, topology } = mesh
  const named = [...topology.workloads.map(accountOf), ...policies.trafficTargets.flatMap(target => target.sources)]
  const known = named.filter((account, at) => named.findIndex(other => sameAccount(other, account)) === at)
  const sources = [...known, { namespace: 'elsewhere', serviceAccount: 'stranger' }]
  const http = [...samples, ...policies.httpRouteGroups.flatMap(({ matches }) => matches.flatMap(sampleOf))]
  const each = http
    .flatMap(sample => [sample, ...httpPorts(policies).map(port => ({ ...sample, port }))])
    .flatMap(variants)
  return topology.workloads.flatMap(destination => {
    const asked = [...each, ...tcpSamples(policies, destination)]
    return sources.flatMap(source => asked.map(sample => ({ ...sample, source, destination })))
  })
}

function sampleOf({ path, methods, headers }: RequestMatch): readonly Sample[] {
  const [method = 'GET'] = methods?.filter(name => name !== '*') ?? []
  const paths = path === undefined ? ['/'] : textsOf(path.written)
  const values = headers.map(({ name, pattern }) => [name, textsOf(pattern.written)[0] ?? 'x'] as const)
  return paths.map(text => ({ method, path: text, headers: Object.fromEntries(values) }))
}

function textsOf(source: string): readonly string[] {
  const { alternatives = [] } = takeApart(source) ?? {}
  return alternatives.map(pieces => pieces.map(piece => (typeof piece === 'string' ? piece : 'x')).join(''))
}

function httpPorts(policies: PolicySet): readonly number[] {
  const mixed = policies.trafficTargets.filter(target => target.rules.some(({ kind }) => kind === 'HTTPRouteGroup'))
  return [...new Set(mixed.flatMap(target => portsOf(policies, target)))]
}

// What speaks no HTTP is judged alike only where no HTTP rule is in play: see DEFAULT_DIFFERENCES.
function tcpSamples(policies: PolicySet, destination: Workload): readonly Sample[] {
  const targets = policies.trafficTargets.filter(target => sameAccount(target.destination, accountOf(destination)))
  if (targets.some(target => target.rules.some(({ kind }) => kind === 'HTTPRouteGroup'))) return []
  const ports = targets.flatMap(target => portsOf(policies, target))
  return [...new Set([...ports, 1])].map(port => ({ method: 'TCP', path: '', headers: {}, port }))
}

function portsOf({ tcpRoutes }: PolicySet, { ref, rules }: TrafficTarget): readonly number[] {
  return rules
    .filter(({ kind }) => kind === 'TCPRoute')
    .flatMap(
      ({ name }) =>
        tcpRoutes.find(route => route.ref.name === name && route.ref.namespace === ref.namespace)?.ports ?? []
    )
}

function variants(sample: Sample): readonly Sample[] {
  const { headers } = sample
  const names = Object.keys(headers)
  const without = (name: string) => Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name))
  return [
    sample,
    { ...sample, method: sample.method === 'DELETE' ? 'GET' : 'DELETE' },
    { ...sample, path: `${sample.path}/and-more` },
    ...names.map(name => ({ ...sample, headers: without(name) })),
    ...names.map(name => ({ ...sample, headers: { ...headers, [name]: 'something else' } }))
  ]
}
