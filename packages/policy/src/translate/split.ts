import { type ServiceName, sameService, wholeNumbersOf } from '@bookstore/contract'
import type { Mesh } from '../mesh.ts'
import { nameOf, type SplitBackend, type SplitPolicy } from '../model.ts'
import { type RetryRule, retryRules } from './retries.ts'
import {
  fullHost,
  NOTHING,
  type Refusal,
  type TranslatedObject,
  type TranslateOptions,
  type Translation,
  together
} from './translation.ts'

/** A TrafficSplit as a VirtualService or an HTTPRoute over the same leaf Services. */
export function translateSplits(mesh: Mesh, options: TranslateOptions): Translation {
  const splits = mesh.policies.splits.filter(({ ref }) => ref.kind === 'TrafficSplit')
  return together(splits.map(split => translateSplit(split, splits, mesh, options)))
}

function translateSplit(
  split: SplitPolicy,
  all: readonly SplitPolicy[],
  mesh: Mesh,
  options: TranslateOptions
): Translation {
  const [root] = split.roots
  const backends = split.rules.flatMap(rule => rule.backends)
  if (root === undefined) return NOTHING
  const first = all.find(({ roots }) => roots.some(other => sameService(other, root)))
  if (first !== split && first !== undefined) {
    return refused(
      split,
      `${nameOf(first.ref)} splits ${root.name} already, and the first one holds`,
      'delete one of them'
    )
  }
  const weights = wholeNumbersOf(backends.map(({ weight }) => weight)).map(Number)
  const most = options.to === 'istio' ? 2_147_483_647 : 1_000_000
  if (weights.reduce((sum, weight) => sum + weight, 0) > most) {
    const written = backends.map(backend => backend.written).join(' : ')
    return refused(split, `the ratio ${written} needs whole numbers above ${most}`, 'round the weights')
  }
  if (options.to === 'istio')
    return { ...NOTHING, objects: [virtualService(split, root, backends, weights, retryRules(mesh, root, options))] }
  return httpRoute(split, root, backends, weights, options)
}

function virtualService(
  { ref }: SplitPolicy,
  root: ServiceName,
  backends: readonly SplitBackend[],
  weights: readonly number[],
  retried: readonly RetryRule[]
): TranslatedObject {
  const route = backends.map(({ service }, at) => ({ destination: { host: fullHost(service) }, weight: weights[at] }))
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: ref.name, namespace: ref.namespace },
    spec: { hosts: [fullHost(root)], http: [...retried.map(rule => ({ ...rule, route })), { route }] }
  }
}

function httpRoute(
  split: SplitPolicy,
  root: ServiceName,
  backends: readonly SplitBackend[],
  weights: readonly number[],
  { portOf }: TranslateOptions
): Translation {
  const ports = [root, ...backends.map(({ service }) => service)].map(service => ({ service, port: portOf(service) }))
  const unknown = ports.find(({ port }) => port === undefined)
  if (unknown !== undefined) {
    return refused(
      split,
      `an HTTPRoute names the port of Service ${unknown.service.namespace}/${unknown.service.name}, which is not known`,
      'add the Service to the files, or give --port'
    )
  }
  const backendRefs = backends.map(({ service }, at) => ({
    name: service.name,
    port: portOf(service),
    weight: weights[at]
  }))
  const parentRefs = [{ group: '', kind: 'Service', name: root.name, port: portOf(root) }]
  const metadata = { name: split.ref.name, namespace: split.ref.namespace }
  const spec = { parentRefs, rules: [{ backendRefs }] }
  return {
    ...NOTHING,
    objects: [{ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata, spec }]
  }
}

function refused({ ref }: SplitPolicy, reason: string, todo: string): Translation {
  const refusal: Refusal = { object: nameOf(ref), reason, todo }
  return { ...NOTHING, refusals: [refusal] }
}
