import { type Account, parseServiceHost, parseWeight, type ServiceName, type Weight } from '@bookstore/contract'
import { type Pattern, rangePattern, regexPattern } from '../pattern.ts'
import { at, complain, expectFields, type Field, listOf, textOf, wordOf } from './field.ts'

/** The expression as a pattern; what RE2 refuses is reported. */
export function regexOf(field: Field): Pattern {
  return patternOf(field, regexPattern)
}

/** A list of ranges of addresses, as they are written; what is none is reported. */
export function rangesOf(list: Field): readonly string[] {
  return listOf(list).map(range => patternOf(range, rangePattern).written)
}

/** A text turned into a pattern by `make`, whose SyntaxError is reported. */
export function patternOf(field: Field, make: (text: string) => Pattern): Pattern {
  const text = textOf(field)
  try {
    return make(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    complain(field, `an expression that the mesh can match (RE2: ${error.message})`)
    return { written: text, matches: () => false }
  }
}

/** A weight, read from the number as written, and its text. */
export function weightOf(field: Field): { readonly weight: Weight; readonly written: string } {
  const { value } = field
  if (typeof value !== 'number' && typeof value !== 'string') {
    complain(field, 'a weight such as 50, 0, 500m or 1k')
    return { weight: UNREADABLE, written: '' }
  }
  const written = typeof value === 'number' ? (field.context.sourceOf(field.path) ?? `${value}`) : value
  const parsed = parseWeight(written)
  if (parsed.ok) return { weight: parsed.weight, written }
  field.context.report(field.path, parsed.message)
  return { weight: UNREADABLE, written }
}

/** A weight where only whole numbers are allowed (Istio, Gateway API). */
export function integerWeightOf(field: Field): {
  readonly weight: Weight
  readonly written: string
} {
  if (typeof field.value === 'number' && Number.isInteger(field.value)) return weightOf(field)
  complain(field, 'a whole number as weight')
  return { weight: UNREADABLE, written: '' }
}

// Not 0, or a list would be told to be all zeros because of a word that was told already.
const UNREADABLE: Weight = 1n

/** Reports a list of weights that sends nothing anywhere. */
export function expectSomeWeight(list: Field, weights: readonly Weight[]): void {
  if (weights.length > 0 && weights.every(weight => weight === 0n)) {
    list.context.report(list.path, 'expected at least one weight above 0, got only 0')
  }
}

/** Reports a name that a list holds twice. */
export function expectNoTwins(list: Field, names: readonly string[]): void {
  const twin = names.find((name, index) => name !== '' && names.indexOf(name) !== index)
  if (twin !== undefined) list.context.report(list.path, `expected each name once, got ${twin} twice`)
}

/** A ServiceAccount as TrafficTarget writes it. OSM matches nothing when the namespace is missing. */
export function accountOf(field: Field): Account {
  expectFields(field, ['kind', 'name', 'namespace'])
  wordOf(at(field, 'kind'), ['ServiceAccount'])
  return { namespace: textOf(at(field, 'namespace')), serviceAccount: textOf(at(field, 'name')) }
}

/** A host as Istio resolves it: a short name within the namespace, or the full name. */
export function istioHostOf(field: Field, namespace: string): ServiceName {
  const host = textOf(field)
  const dots = host.includes('.') && !host.replace(/\.$/, '').endsWith('.svc.cluster.local')
  const service = dots ? null : parseServiceHost(host, namespace)
  if (service === null && host !== '') {
    complain(field, 'a short service name or NAME.NAMESPACE.svc.cluster.local (Istio adds nothing to a name with dots)')
  }
  return service ?? { namespace, name: host }
}
