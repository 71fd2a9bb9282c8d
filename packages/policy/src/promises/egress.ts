import { type Account, sameAccount } from '@bookstore/contract'
import type { Mesh } from '../mesh.ts'
import { nameOf } from '../model.ts'
import { rangePattern } from '../pattern.ts'
import type { EgressRule } from '../traffic.ts'

/** A request to a host that is no Service of the mesh. */
export interface EgressRequest {
  readonly source: Account
  readonly host: string
  readonly port: number
  /** Where the connection goes, where that is known: ranges of addresses are looked at only then. */
  readonly address?: string
}

/** Whether it may leave, by which object or why not, and how a refusal looks to the client; null: nothing is declared. */
export type DeclaredEgress =
  | { readonly allowed: true; readonly source: string }
  | { readonly allowed: false; readonly how: 'reset' | '502'; readonly source: string }
  | null

/**
 * What is declared of a request that leaves the mesh. OSM: enableEgress of the MeshConfig opens everything, else an
 * Egress of the source must name host and port; without one the proxy has no way and closes the connection. Istio: a
 * Sidecar with REGISTRY_ONLY leaves what a ServiceEntry names; Envoy's black hole answers the rest with 502.
 */
export function declaredEgress({ policies }: Pick<Mesh, 'policies'>, request: EgressRequest): DeclaredEgress {
  const { meshConfig, egressRules, outboundModes } = policies
  const rule = egressRules.find(candidate => names(candidate, request))
  if (rule !== undefined) return { allowed: true, source: nameOf(rule.ref) }
  const mode = outboundModes.find(({ ref }) => ref.namespace === request.source.namespace)
  if (mode?.registryOnly) return { allowed: false, how: '502', source: nameOf(mode.ref) }
  if (meshConfig?.egress === false) return { allowed: false, how: 'reset', source: nameOf(meshConfig.ref) }
  if (meshConfig?.egress === true) return { allowed: true, source: nameOf(meshConfig.ref) }
  return mode === undefined ? null : { allowed: true, source: nameOf(mode.ref) }
}

function names(rule: EgressRule, request: EgressRequest): boolean {
  const { sources, namespaces, ports } = rule
  const { source, port } = request
  const isMeant = sources === null || sources.some(account => sameAccount(account, source))
  const isSeen = namespaces === null || namespaces.includes(source.namespace)
  return isMeant && isSeen && ports.some(({ number, protocol }) => number === port && reaches(rule, protocol, request))
}

// what is no HTTP and no TLS shows no name of a host: ranges of addresses are all that there is to look at
function reaches(
  { hosts, addresses }: EgressRule,
  protocol: EgressRule['ports'][number]['protocol'],
  { host, address }: EgressRequest
): boolean {
  const isInRange =
    addresses.length === 0 || (address ?? '') === '' || addresses.some(range => isIn(range, address ?? ''))
  if (protocol === 'tcp' && addresses.length > 0) return address !== undefined && isInRange
  return isInRange && hosts.some(pattern => matchesHost(pattern, host.toLowerCase()))
}

function isIn(range: string, address: string): boolean {
  return rangePattern(range).matches(address)
}

function matchesHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : pattern === host
}
