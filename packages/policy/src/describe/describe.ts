import { declaredPercent, PURCHASE, type Service } from '@bookstore/contract'
import { mtlsMode } from '../access/istio.ts'
import { isOsmStrict } from '../access/osm.ts'
import type { Mesh } from '../mesh.ts'
import { nameOf, type PolicySet } from '../model.ts'
import { backendsOf, type WeightedBackends } from '../split/weighted-backends.ts'
import { type AccessRow, accessMatrix } from './access-matrix.ts'
import { policyWarnings } from './warnings.ts'

/**
 * What is in force and what it means, in plain words, a line each: mode, splits, who may reach whom,
 * and warnings (each begins with `warning: `).
 */
export function describePolicies(mesh: Mesh): string[] {
  const { policies, topology } = mesh
  return [
    ...modeLines(policies),
    ...mtlsLines(mesh),
    ...topology.services.flatMap(service => splitLine(mesh, service)),
    ...accessMatrix(mesh).flatMap(rowLines),
    ...policyWarnings(mesh).map(warning => `warning: ${warning}`)
  ]
}

/** `bookstore-v1 50 %, bookstore-v2 50 %` */
export function describeBackends({ backends }: WeightedBackends): string {
  return backends.map(({ name, share }) => `${name} ${declaredPercent(share)}`).join(', ')
}

function modeLines(policies: PolicySet): string[] {
  const { meshConfig, trafficTargets, authorizationPolicies } = policies
  const istio = authorizationPolicies.length
  const istioLine =
    istio === 0
      ? []
      : [
          `${counted(istio, 'AuthorizationPolicy', 'AuthorizationPolicies')} in force: Istio denies only where one selects the workload.`
        ]
  if (meshConfig === null && istio > 0) return istioLine
  if (meshConfig === null) return ['Permissive: nothing is declared that denies, so everybody may reach everybody.']
  const by = nameOf(meshConfig.ref)
  const targets = counted(trafficTargets.length, 'TrafficTarget', 'TrafficTargets')
  const line = isOsmStrict(policies)
    ? `Permissive mode is off (${by}): everything is denied that no TrafficTarget allows; ${targets} in force.`
    : `Permissive mode is on (${by}): everybody may reach everybody.`
  return [line, ...istioLine]
}

function mtlsLines({ policies, topology }: Mesh): string[] {
  if (policies.peerAuthentications.length === 0) return []
  const modes = topology.workloads.map(workload => `${workload.name} ${mtlsMode(policies, workload)}`)
  return [`mTLS: ${modes.join(', ')}.`]
}

function splitLine(mesh: Mesh, service: Service): string[] {
  const request = service.name === PURCHASE.service.name ? PURCHASE : undefined
  const split = backendsOf(mesh, service, request)
  if (split === null || (!split.declared && split.backends.length < 2)) return []
  if (split.backends.length === 0) return [`${service.name}: no rule of ${split.source} matches a purchase.`]
  return [`${service.name} goes to ${describeBackends(split)} (${split.source}).`]
}

function rowLines({ source, destination, verdict, requests }: AccessRow): string[] {
  const pair = `${source.name} -> ${destination.name}`
  const words = requests.map(({ access }) => (access.allowed ? access.by : access.why))
  const same = new Set(words).size === 1
  if (verdict !== 'partly' && same) return [`${pair}: ${verdict} (${words[0]})`]
  return requests.map(({ request, access }) => {
    const outcome = access.allowed ? `allowed (${access.by})` : `denied (${access.why})`
    return `${pair}: ${request.method} ${request.path} ${outcome}`
  })
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
