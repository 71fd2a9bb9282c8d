import type { Topology } from '@bookstore/contract'
import type { Mesh } from '../mesh.ts'
import { type MeshConfig, nameOf, type ObjectRef, type PolicySet } from '../model.ts'
import { strictMutualTls, translateAccess } from './access.ts'
import { translateConnections } from './connections.ts'
import { translateEgress } from './egress.ts'
import { translateIngress } from './ingress.ts'
import { translateRetries } from './retries.ts'
import { translateSplits } from './split.ts'
import { NOTHING, type Note, type TranslateOptions, type Translation, together } from './translation.ts'

/**
 * SMI and OSM policies as Istio's, or with `to: 'gateway'` splits as the Gateway API's. Each object of the source is
 * translated, or refused by name with the reason and what to do; what is translated to less than it said has a note.
 * Never allows what the source denies. Objects of other meshes in the set are left out. Never throws.
 */
export function translatePolicies(mesh: Mesh, options: TranslateOptions): Translation {
  const policies = asEnforced(mesh.policies)
  const meant = { policies, topology: mesh.topology }
  const namespaces = namespacesOf(meant)
  return together([
    { ...NOTHING, notes: assumed(mesh.policies), objects: strictMutualTls(namespaces) },
    translateAccess(meant, namespaces, options),
    translateEgress(meant, namespaces),
    translateSplits(meant, options),
    translateRetries(meant, options),
    translateConnections(policies),
    translateIngress(meant, options)
  ])
}

/**
 * The set as it is translated: what only a MeshConfig puts in force is meant to be, where there is none. The files of a
 * team often hold no MeshConfig, because it is the mesh's own. With Egress objects, egress is closed unless it is said to
 * be open.
 */
export function asEnforced(policies: PolicySet): PolicySet {
  const { meshConfig, trafficTargets, osmRetries } = policies
  const egress = policies.egressRules.filter(({ ref }) => ref.kind === 'Egress')
  const isClosed = egress.length > 0
  if (meshConfig !== null) {
    return meshConfig.egress === null && isClosed
      ? { ...policies, meshConfig: { ...meshConfig, egress: false } }
      : policies
  }
  const [first] = [...trafficTargets, ...osmRetries, ...egress]
  if (first === undefined) return policies
  const assumed: MeshConfig = {
    ref: first.ref,
    permissive: trafficTargets.length === 0,
    egress: !isClosed,
    retries: osmRetries.length > 0
  }
  return { ...policies, meshConfig: assumed }
}

function assumed(policies: PolicySet): readonly Note[] {
  const { meshConfig } = asEnforced(policies)
  if (meshConfig === null || meshConfig === policies.meshConfig) return []
  const egress = `egress ${meshConfig.egress === false ? 'closed' : 'open'}`
  if (policies.meshConfig !== null) {
    return [{ object: nameOf(policies.meshConfig.ref), text: `it does not say enableEgress; taken as: ${egress}` }]
  }
  const permissive = `permissive mode ${meshConfig.permissive ? 'on' : 'off'}`
  const retries = meshConfig.retries ? ', retries on' : ''
  const text = `not among the files; taken as: ${permissive}, ${egress}${retries}, or what is declared would decide nothing`
  return [{ object: 'MeshConfig', text }]
}

/** The namespaces that the policies and what runs are about, in alphabetical order. */
function namespacesOf({ policies, topology }: { readonly policies: PolicySet; readonly topology: Topology }): string[] {
  const refs: readonly { readonly ref: ObjectRef }[] = [
    ...policies.trafficTargets,
    ...policies.httpRouteGroups,
    ...policies.tcpRoutes,
    ...policies.upstreamTrafficSettings,
    ...policies.ingressBackends,
    ...policies.splits.filter(({ ref }) => ref.kind === 'TrafficSplit')
  ]
  const accounts = [
    ...policies.trafficTargets.flatMap(target => target.sources),
    ...policies.osmRetries.map(({ source }) => source),
    ...policies.egressRules.flatMap(rule => rule.sources ?? [])
  ]
  const sources = accounts.map(({ namespace }) => namespace)
  const running = topology.workloads.map(({ namespace }) => namespace)
  return [...new Set([...refs.map(({ ref }) => ref.namespace), ...sources, ...running])].sort()
}
