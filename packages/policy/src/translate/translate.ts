import type { Topology } from '@bookstore/contract'
import type { Mesh } from '../mesh.ts'
import type { MeshConfig, ObjectRef, PolicySet } from '../model.ts'
import { strictMutualTls, translateAccess } from './access.ts'
import { translateEgress } from './egress.ts'
import { refuseOthers } from './not-translated.ts'
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
    translateEgress(policies, namespaces),
    translateSplits(meant, options),
    refuseOthers(policies)
  ])
}

/**
 * The set as it is translated: TrafficTargets without a MeshConfig are meant to be enforced. The files of a team often
 * hold no MeshConfig, because it is the mesh's own.
 */
export function asEnforced(policies: PolicySet): PolicySet {
  const [first] = policies.trafficTargets
  if (policies.meshConfig !== null || first === undefined) return policies
  const meshConfig: MeshConfig = { ref: first.ref, permissive: false, egress: true, retries: false }
  return { ...policies, meshConfig }
}

function assumed(policies: PolicySet): readonly Note[] {
  if (asEnforced(policies) === policies) return []
  const text = 'not among the files; taken as: permissive mode off, egress open, or TrafficTargets would decide nothing'
  return [{ object: 'MeshConfig', text }]
}

/** The namespaces that the policies and what runs are about, in alphabetical order. */
function namespacesOf({ policies, topology }: { readonly policies: PolicySet; readonly topology: Topology }): string[] {
  const refs: readonly { readonly ref: ObjectRef }[] = [
    ...policies.trafficTargets,
    ...policies.httpRouteGroups,
    ...policies.tcpRoutes,
    ...policies.splits.filter(({ ref }) => ref.kind === 'TrafficSplit')
  ]
  const sources = policies.trafficTargets.flatMap(target => target.sources.map(({ namespace }) => namespace))
  const running = topology.workloads.map(({ namespace }) => namespace)
  return [...new Set([...refs.map(({ ref }) => ref.namespace), ...sources, ...running])].sort()
}
