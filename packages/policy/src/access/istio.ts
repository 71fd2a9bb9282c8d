import type { Workload } from '@bookstore/contract'
import {
  type Attribute,
  type AuthorizationPolicy,
  type AuthorizationRule,
  type Condition,
  type MtlsMode,
  nameOf,
  type PeerAuthentication,
  type PolicySet
} from '../model.ts'
import { type Access, callerName, type Facts } from './request.ts'
import { isRootNamespace, type Selecting, selectedBy } from './selecting.ts'

const authorizationPoliciesOf = selectedBy<AuthorizationPolicy>()
const peerAuthenticationsOf = selectedBy<PeerAuthentication>()

/**
 * What Istio's sidecar does: DENY rules first; then, where ALLOW policies select the workload, one of their
 * rules must match; where none does, everything is allowed. A denial is 403 `RBAC: access denied`.
 * https://istio.io/latest/docs/reference/config/security/authorization-policy/
 * null: no AuthorizationPolicy concerns the workload.
 */
export function istioAccess(policies: PolicySet, facts: Facts, destination: Workload): Access | null {
  const selecting = authorizationPoliciesOf(policies.authorizationPolicies, destination)
  if (selecting.length === 0) return null
  const known = facts.address === '' && isAuthenticated(policies, destination, facts.port)
  for (const policy of selecting.filter(({ action }) => action === 'DENY')) {
    const index = policy.rules.findIndex(rule => missesOfRule(rule, facts, known).length === 0)
    if (index >= 0) return denied(`rule ${index + 1} of ${titled(policy)} (DENY) matches ${request(facts)}`)
  }
  const allowing = selecting.filter(({ action }) => action === 'ALLOW')
  for (const policy of allowing) {
    const index = policy.rules.findIndex(rule => missesOfRule(rule, facts, known).length === 0)
    if (index >= 0) return { allowed: true, by: `rule ${index + 1} of ${nameOf(policy.ref)}` }
  }
  if (allowing.length > 0) return denied(nearestMiss(allowing, facts, known))
  return { allowed: true, by: `no rule of ${selecting.map(titled).join(', ')} (DENY) matches` }
}

/**
 * The mTLS mode that holds at a workload, or at one of its ports: its own policy's, else its namespace's, else the
 * mesh's.
 */
export function mtlsMode(policies: PolicySet, workload: Workload, port?: number): Exclude<MtlsMode, 'UNSET'> {
  const modes = peerAuthenticationsOf(policies.peerAuthentications, workload)
    .toSorted((left, right) => breadth(left) - breadth(right))
    .flatMap(({ ports, mode }) => [...(port === undefined ? [] : [ports[port] ?? 'UNSET']), mode])
  return modes.find(mode => mode !== 'UNSET') ?? 'PERMISSIVE'
}

function breadth({ ref, selector }: Selecting): number {
  if (selector !== null) return 0
  return isRootNamespace(ref.namespace) ? 2 : 1
}

// Callers inside the mesh speak mTLS unless the server has it switched off; then nobody has an identity.
function isAuthenticated(policies: PolicySet, destination: Workload, port: number): boolean {
  return mtlsMode(policies, destination, port) !== 'DISABLE'
}

function missesOfRule(rule: AuthorizationRule, facts: Facts, known: boolean): string[] {
  return [
    ...fewest(rule.from.map(conditions => missesOfAll(conditions, facts, known))),
    ...fewest(rule.to.map(conditions => missesOfAll(conditions, facts, known))),
    ...missesOfAll(rule.when, facts, known)
  ]
}

function fewest(alternatives: readonly string[][]): string[] {
  return alternatives.toSorted((left, right) => left.length - right.length)[0] ?? []
}

function missesOfAll(conditions: readonly Condition[], facts: Facts, known: boolean): string[] {
  return conditions.flatMap(({ attribute, values, notValues }) => {
    const value = attributeOf(attribute, facts, known)
    const named = attribute.kind === 'header' ? `header ${attribute.name}` : attribute.kind
    const got = value === '' ? 'is missing' : `is ${value}`
    const wanted = values.length === 0 || values.some(pattern => pattern.matches(value))
    const unwanted = notValues.some(pattern => pattern.matches(value))
    return [
      ...(wanted ? [] : [`${named}, which must be ${values.map(written).join(' or ')} and ${got}`]),
      ...(unwanted ? [`${named}, which must not be ${notValues.map(written).join(' or ')} and ${got}`] : [])
    ]
  })
}

function attributeOf(attribute: Attribute, facts: Facts, known: boolean): string {
  const { namespace, serviceAccount } = facts.source
  const values = {
    principal: () => (known ? `cluster.local/ns/${namespace}/sa/${serviceAccount}` : ''),
    namespace: () => (known ? namespace : ''),
    serviceAccount: () => (known ? `${namespace}/${serviceAccount}` : ''),
    address: () => facts.address,
    method: () => (facts.method === 'TCP' ? '' : facts.method),
    path: () => facts.path,
    host: () => facts.header('host') ?? '',
    port: () => String(facts.port),
    header: () => (attribute.kind === 'header' ? (facts.header(attribute.name) ?? '') : '')
  }
  return values[attribute.kind]()
}

function nearestMiss(allowing: readonly AuthorizationPolicy[], facts: Facts, known: boolean): string {
  const tried = allowing.flatMap(policy =>
    policy.rules.map((rule, index) => ({ policy, index, missed: missesOfRule(rule, facts, known) }))
  )
  const [nearest] = tried.toSorted((left, right) => left.missed.length - right.missed.length)
  if (nearest === undefined) return `${allowing.map(titled).join(', ')} allows nothing: it has no rules`
  const { policy, index, missed } = nearest
  return `${request(facts)} from ${callerName(facts.source)} matches rule ${index + 1} of ${titled(policy)} but for ${missed.join(' and ')}`
}

function denied(why: string): Access {
  return { allowed: false, how: '403', why }
}

function titled({ ref }: AuthorizationPolicy): string {
  return `${ref.kind} ${ref.name}`
}

function written({ written: text }: { readonly written: string }): string {
  return text
}

function request(facts: Facts): string {
  return `${facts.method} ${facts.path}`
}
