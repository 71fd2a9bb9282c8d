/** Where a value stands in its document. */
export type Path = readonly (string | number)[]

/** A value with its place and a way to report what is wrong with it. */
export interface Field {
  readonly value: unknown
  readonly path: Path
  readonly context: FieldContext
}

interface FieldContext {
  readonly report: (path: Path, message: string) => void
  /** Keeps the place of a field that is accepted and not looked at. */
  readonly passOver: (path: Path) => void
  /** A number as it was written in the file, where there was one. */
  readonly sourceOf: (path: Path) => string | undefined
}

// Readers report and give a harmless value, so that one pass finds every mistake of a document; a document with any
// report is dropped, so the harmless value is never put in force.

/** The value under a key; undefined where it is missing or the parent is no mapping. */
export function at(parent: Field, key: string): Field {
  const value = isRecord(parent.value) && Object.hasOwn(parent.value, key) ? parent.value[key] : undefined
  return { value, path: [...parent.path, key], context: parent.context }
}

/** Whether something was written. A key with nothing behind it (null) counts as missing, as in Kubernetes. */
export function isSet(field: Field): boolean {
  return field.value !== undefined && field.value !== null
}

/**
 * Reports what is no mapping, and every key that is not in `known`, by its name; passes over keys of `harmless`, which
 * are not judged.
 */
export function expectFields(
  field: Field,
  known: readonly string[],
  { why = 'is not modelled', harmless = [] }: { readonly why?: string; readonly harmless?: readonly string[] } = {}
): void {
  if (!isRecord(field.value)) {
    complain(field, 'a mapping')
    return
  }
  for (const [key, value] of Object.entries(field.value)) {
    if (known.includes(key) || value === null || value === undefined) continue
    if (harmless.includes(key)) field.context.passOver([...field.path, key])
    else field.context.report([...field.path, key], `${key} ${why}; expected only ${known.join(', ')}`)
  }
}

/** A text that is not empty; '' after a report. */
export function textOf(field: Field): string {
  if (typeof field.value === 'string' && field.value !== '') return field.value
  complain(field, 'a text')
  return ''
}

/** A text, or `fallback` where nothing was written. */
export function optionalText(field: Field, fallback: string): string {
  return isSet(field) ? textOf(field) : fallback
}

/** One of a few words. */
export function wordOf<Word extends string>(field: Field, words: readonly [Word, ...Word[]]): Word {
  const met = words.find(word => word === field.value)
  if (met === undefined) complain(field, words.length === 1 ? words[0] : `one of ${words.join(', ')}`)
  return met ?? words[0]
}

/** true or false. */
export function booleanOf(field: Field): boolean {
  if (typeof field.value === 'boolean') return field.value
  complain(field, 'true or false')
  return false
}

/** A TCP port. */
export function portOf(field: Field): number {
  const port = field.value
  if (typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536) return port
  complain(field, 'a port from 1 to 65535')
  return 0
}

/** The members of a list; an empty list where nothing was written. */
export function listOf(field: Field): Field[] {
  if (!isSet(field)) return []
  if (!Array.isArray(field.value)) {
    complain(field, 'a list')
    return []
  }
  return field.value.map((value: unknown, index) => ({
    value,
    path: [...field.path, index],
    context: field.context
  }))
}

/** The members of a list that must have some. */
export function fullListOf(field: Field): Field[] {
  const members = listOf(field)
  if (members.length === 0 && (!isSet(field) || Array.isArray(field.value))) {
    complain(field, 'a list with at least one member')
  }
  return members
}

/** A list of texts. */
export function textsOf(field: Field): string[] {
  return listOf(field).map(textOf)
}

/** The pairs of a mapping whose values are texts, such as labels or headers. */
export function pairsOf(field: Field): [string, string, Field][] {
  if (!isRecord(field.value)) {
    complain(field, 'a mapping of texts')
    return []
  }
  return Object.keys(field.value).map(key => {
    const member = at(field, key)
    return [key, textOf(member), member]
  })
}

/** Reports what was expected here and what was met. */
export function complain(field: Field, expected: string): void {
  field.context.report(field.path, `expected ${expected}, got ${describeValue(field.value)}`)
}

/** A value in a few words, for messages. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a mapping'
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

/** `spec.backends[1].weight` */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    return text === '' ? part : `${text}.${part}`
  }, '')
}

/** A mapping, as YAML or JSON gives it. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
