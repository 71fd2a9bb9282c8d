import type {
  Attribute,
  AuthorizationPolicy,
  AuthorizationRule,
  Condition,
  MtlsMode,
  ObjectRef,
  PeerAuthentication
} from '../model.ts'
import { istioPattern, type Pattern, rangePattern } from '../pattern.ts'
import {
  at,
  complain,
  expectFields,
  type Field,
  fullListOf,
  isRecord,
  isSet,
  listOf,
  optionalText,
  textOf,
  wordOf
} from './field.ts'
import { labelsOf } from './istio-traffic.ts'
import { patternOf } from './shared.ts'

interface Attributed {
  readonly field: string
  readonly not?: string
  readonly attribute: Attribute
}

const sourceFields: readonly Attributed[] = [
  { field: 'principals', not: 'notPrincipals', attribute: { kind: 'principal' } },
  { field: 'namespaces', not: 'notNamespaces', attribute: { kind: 'namespace' } },
  { field: 'serviceAccounts', not: 'notServiceAccounts', attribute: { kind: 'serviceAccount' } },
  { field: 'ipBlocks', not: 'notIpBlocks', attribute: { kind: 'address' } }
]
const operationFields: readonly Attributed[] = [
  { field: 'methods', not: 'notMethods', attribute: { kind: 'method' } },
  { field: 'paths', not: 'notPaths', attribute: { kind: 'path' } },
  { field: 'hosts', not: 'notHosts', attribute: { kind: 'host' } },
  { field: 'ports', not: 'notPorts', attribute: { kind: 'port' } }
]
const whenKeys: ReadonlyMap<string, Attribute> = new Map<string, Attribute>([
  ['source.principal', { kind: 'principal' }],
  ['source.namespace', { kind: 'namespace' }],
  ['destination.port', { kind: 'port' }]
])

/**
 * security.istio.io AuthorizationPolicy with action ALLOW or DENY.
 * Semantics: https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export function readAuthorizationPolicy(ref: ObjectRef, spec: Field): AuthorizationPolicy {
  if (!isSet(spec)) return { ref, selector: null, action: 'ALLOW', rules: [] }
  expectFields(spec, ['selector', 'action', 'rules'])
  const action = at(spec, 'action')
  return {
    ref,
    selector: selectorOf(at(spec, 'selector')),
    action: isSet(action) ? wordOf(action, ['ALLOW', 'DENY']) : 'ALLOW',
    rules: listOf(at(spec, 'rules')).map(rule => ruleOf(ref, rule))
  }
}

/** security.istio.io PeerAuthentication. */
export function readPeerAuthentication(ref: ObjectRef, spec: Field): PeerAuthentication {
  const unset = { ref, selector: null, mode: 'UNSET', ports: {} } as const
  if (!isSet(spec)) return unset
  expectFields(spec, ['selector', 'mtls', 'portLevelMtls'])
  const selector = selectorOf(at(spec, 'selector'))
  const ports = at(spec, 'portLevelMtls')
  if (isSet(ports) && selector === null) complain(ports, 'a selector beside it (Istio refuses ports of a namespace)')
  const numbers = isRecord(ports.value) ? Object.keys(ports.value) : []
  if (isSet(ports)) expectFields(ports, numbers)
  return {
    ref,
    selector,
    mode: modeOf(at(spec, 'mtls')),
    ports: Object.fromEntries(numbers.map(number => [number, modeOf(at(ports, number))]))
  }
}

function modeOf(mtls: Field): MtlsMode {
  if (isSet(mtls)) expectFields(mtls, ['mode'])
  const mode = at(mtls, 'mode')
  return isSet(mode) ? wordOf(mode, ['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']) : 'UNSET'
}

function selectorOf(field: Field): Readonly<Record<string, string>> | null {
  if (!isSet(field)) return null
  expectFields(field, ['matchLabels'])
  const labels = labelsOf(at(field, 'matchLabels'))
  return Object.keys(labels).length === 0 ? null : labels
}

function ruleOf(ref: ObjectRef, rule: Field): AuthorizationRule {
  expectFields(rule, ['from', 'to', 'when'])
  return {
    from: alternativesOf(ref, at(rule, 'from'), 'source', sourceFields),
    to: alternativesOf(ref, at(rule, 'to'), 'operation', operationFields),
    when: listOf(at(rule, 'when')).map(whenOf)
  }
}

function alternativesOf(ref: ObjectRef, list: Field, name: string, known: readonly Attributed[]): Condition[][] {
  return (isSet(list) ? fullListOf(list) : []).map(member => {
    expectFields(member, [name])
    const body = at(member, name)
    expectFields(
      body,
      known.flatMap(({ field, not }) => (not === undefined ? [field] : [field, not]))
    )
    const conditions = known.flatMap(({ field, not, attribute }) => {
      const values = valuesOf(ref, at(body, field), attribute)
      const notValues = not === undefined ? [] : valuesOf(ref, at(body, not), attribute)
      return values.length + notValues.length === 0 ? [] : [{ attribute, values, notValues }]
    })
    expectNobody(body, conditions)
    if (conditions.length === 0) complain(body, 'at least one field (Istio refuses an empty one)')
    return conditions
  })
}

// Where the pods of callers inside the mesh stand is not known here: addresses are judged of callers outside it only.
function expectNobody(body: Field, conditions: readonly Condition[]): void {
  const hasAddress = conditions.some(({ attribute }) => attribute.kind === 'address')
  const isOutside = conditions.some(
    ({ attribute, notValues }) => attribute.kind === 'principal' && notValues.some(({ written }) => written === '*')
  )
  if (!hasAddress || isOutside) return
  body.context.report(body.path, 'expected notPrincipals: ["*"] beside ipBlocks: other addresses are not modelled')
}

function valuesOf(ref: ObjectRef, list: Field, attribute: Attribute): Pattern[] {
  return listOf(list).map(value => {
    if (attribute.kind === 'address') return patternOf(value, rangePattern)
    const text = textOf(value)
    if (attribute.kind === 'path' && text.includes('{')) complain(value, 'a path without a template')
    const full = attribute.kind === 'serviceAccount' && !text.includes('/')
    return istioPattern(full ? `${ref.namespace}/${text}` : text, {
      ignoreCase: attribute.kind === 'host'
    })
  })
}

function whenOf(condition: Field): Condition {
  expectFields(condition, ['key', 'values', 'notValues'])
  const key = at(condition, 'key')
  const patterns = (name: string) => listOf(at(condition, name)).map(value => istioPattern(optionalText(value, '')))
  const [values, notValues] = [patterns('values'), patterns('notValues')]
  if (values.length + notValues.length === 0) complain(condition, 'values or notValues')
  return { attribute: whenAttributeOf(key), values, notValues }
}

function whenAttributeOf(key: Field): Attribute {
  const text = textOf(key)
  const header = /^request\.headers\[([^\]]+)\]$/.exec(text)?.[1]
  if (header !== undefined) return { kind: 'header', name: header.toLowerCase() }
  const known = whenKeys.get(text)
  if (known === undefined && text !== '') {
    complain(key, `request.headers[NAME] or one of ${[...whenKeys.keys()].join(', ')}`)
  }
  return known ?? { kind: 'header', name: '' }
}
