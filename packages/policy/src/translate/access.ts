import { accountOf, sameAccount, selectedBy, type Workload } from '@bookstore/contract'
import { isOsmStrict, reachableAccounts } from '../access/osm.ts'
import type { Mesh } from '../mesh.ts'
import { nameOf } from '../model.ts'
import { splitPolicyOf } from '../split/weighted-backends.ts'
import { danglingRules, type Granted, grantsFor } from './grants.ts'
import { ruleBodies } from './routes.ts'
import { nobodyRuns, unselectable, workloadsOf } from './selecting-labels.ts'
import {
  NOTHING,
  type Note,
  type Refusal,
  type TranslatedObject,
  type TranslateOptions,
  type Translation,
  together
} from './translation.ts'

const SECURITY = 'security.istio.io/v1'

/**
 * TrafficTargets with their routes as AuthorizationPolicies, one for each workload that is a destination, above a
 * policy that allows nothing for each namespace: OSM's deny by default. Nothing in permissive mode.
 */
export function translateAccess(mesh: Mesh, namespaces: readonly string[], options: TranslateOptions): Translation {
  const { policies, topology } = mesh
  if (!isOsmStrict(policies)) return permissiveOf(mesh)
  const denied = namespaces.map(namespace => authorizationPolicy('allow-nothing', namespace, {}))
  const parts = topology.workloads.map(workload => accessTo(workload, mesh, options))
  const known = [...danglingRules(policies), ...withoutWorkload(mesh)]
  return together([{ objects: denied, refusals: known, notes: narrowedReach(mesh) }, ...parts])
}

/** `PeerAuthentication` STRICT for each namespace: OSM speaks mTLS always, Istio asks for it only then. */
export function strictMutualTls(namespaces: readonly string[]): readonly TranslatedObject[] {
  return namespaces.map(namespace => ({
    apiVersion: SECURITY,
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace },
    spec: { mtls: { mode: 'STRICT' } }
  }))
}

function permissiveOf({ policies: { meshConfig, trafficTargets } }: Mesh): Translation {
  if (meshConfig === null || trafficTargets.length === 0) return NOTHING
  const text = 'permissive mode is on, so that OSM does not look at TrafficTargets: none was translated'
  return { ...NOTHING, notes: [{ object: nameOf(meshConfig.ref), text }] }
}

function accessTo(workload: Workload, { policies, topology }: Mesh, options: TranslateOptions): Translation {
  const grants = grantsFor(policies, workload)
  if (grants.length === 0) return NOTHING
  const refusal = unselectable(workload, topology)
  if (refusal !== null) return { ...NOTHING, refusals: [refusal] }
  const said = grants.map(granted => ({ granted, ...ruleBodies(granted, options) }))
  const rules = said.flatMap(({ granted, bodies }) => bodies.map(body => ({ from: fromOf(granted, options), ...body })))
  const spec = { selector: { matchLabels: workload.labels }, action: 'ALLOW', rules }
  return {
    objects: rules.length === 0 ? [] : [authorizationPolicy(`${workload.name}-access`, workload.namespace, spec)],
    refusals: said.flatMap(({ refusals }) => refusals),
    notes: said.flatMap(({ notes }) => notes)
  }
}

function fromOf({ sources }: Granted, { trustDomain }: TranslateOptions): unknown {
  const principals = sources.map(
    ({ namespace, serviceAccount }) => `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`
  )
  return [{ source: { principals } }]
}

function withoutWorkload({ policies, topology }: Mesh): readonly Refusal[] {
  return policies.trafficTargets
    .filter(({ destination }) => workloadsOf(topology, destination).length === 0)
    .map(({ ref, destination }) => nobodyRuns(nameOf(ref), destination))
}

function narrowedReach({ policies, topology }: Mesh): readonly Note[] {
  const sources = [
    ...new Set(policies.trafficTargets.flatMap(target => target.sources.map(source => JSON.stringify(source))))
  ]
  return topology.services.flatMap(service => {
    const pods = selectedBy(topology, service)
    if (splitPolicyOf(policies, service) !== undefined) return []
    return sources.flatMap(text => {
      const source = JSON.parse(text) as Parameters<typeof reachableAccounts>[1]
      const reached = reachableAccounts(policies, source)
      const within = pods.filter(pod => reached.some(account => sameAccount(account, accountOf(pod))))
      if (within.length === 0 || within.length === pods.length) return []
      const beyond = pods.filter(pod => !within.includes(pod)).map(({ name }) => name)
      return [
        {
          object: `Service ${service.namespace}/${service.name}`,
          text: `OSM sends ${source.namespace}/${source.serviceAccount} only to ${within.map(({ name }) => name).join(', ')}; Istio also to ${beyond.join(', ')}, where it gets 403: split the Service, or call the one that is meant`
        }
      ]
    })
  })
}

/** An AuthorizationPolicy as `kubectl apply` takes it. */
export function authorizationPolicy(
  name: string,
  namespace: string,
  spec: Readonly<Record<string, unknown>>
): TranslatedObject {
  return { apiVersion: SECURITY, kind: 'AuthorizationPolicy', metadata: { name, namespace }, spec }
}
