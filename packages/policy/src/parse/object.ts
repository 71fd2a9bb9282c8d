import type { PolicyError } from '../errors.ts'
import { POLICY_KINDS } from '../kinds.ts'
import type { ObjectRef } from '../model.ts'
import type { SourceDocument } from './documents.ts'
import {
  at,
  complain,
  describeValue,
  type Field,
  formatPath,
  isRecord,
  listOf,
  optionalText,
  type Path,
  textOf
} from './field.ts'
import { READERS, type Read } from './kinds.ts'

/** What one document gave: objects (a List has several), or what is wrong with it. */
export interface ReadDocument {
  readonly objects: readonly Read[]
  readonly errors: readonly PolicyError[]
}

// API servers answer with status and bookkeeping in metadata; neither says what the mesh should do.
const topFields = ['apiVersion', 'kind', 'metadata', 'spec', 'status']
const deepestList = 3

/** Reads one document into objects. An object with an error is left out; the others are kept. */
export function readDocument(source: SourceDocument): ReadDocument {
  const errors: PolicyError[] = []
  const root: Field = {
    value: source.value,
    path: [],
    context: { report: reporter(source, errors), passOver: () => undefined, sourceOf: source.sourceOf }
  }
  const objects = expandList(root, 0).flatMap(object => {
    const before = errors.length
    const read = readObject(source, object)
    return read !== null && errors.length === before ? [read] : []
  })
  return { objects, errors }
}

function reporter(source: SourceDocument, errors: PolicyError[]) {
  return (path: Path, message: string) => {
    const line = source.lineOf(path)
    const place = { file: source.file, ...(line !== undefined && { line }) }
    errors.push({ ...place, field: formatPath(path), message })
  }
}

function expandList(field: Field, depth: number): Field[] {
  const isList = isRecord(field.value) && field.value['kind'] === 'List' && depth < deepestList
  if (!isList) return [field]
  return listOf(at(field, 'items')).flatMap(item => expandList(item, depth + 1))
}

function readObject(source: SourceDocument, object: Field): Read | null {
  if (!isRecord(object.value)) {
    complain(object, 'a mapping with apiVersion and kind')
    return null
  }
  const [apiVersion, kindName] = [textOf(at(object, 'apiVersion')), textOf(at(object, 'kind'))]
  const kind = POLICY_KINDS.find(({ kind }) => kind === kindName)
  if (apiVersion === '' || kindName === '') return null
  if (kind === undefined) {
    const known = POLICY_KINDS.map(({ kind }) => kind).join(', ')
    object.context.report(
      at(object, 'kind').path,
      `${kindName} (${apiVersion}) is no policy that is modelled here; expected one of ${known}`
    )
    return null
  }
  const accepted: readonly string[] = kind.versions.map(version => `${kind.group}/${version}`)
  if (!accepted.includes(apiVersion)) {
    complain(at(object, 'apiVersion'), `${accepted.join(' or ')} for a ${kindName}`)
    return null
  }
  expectTopFields(object)
  const unjudged: string[] = []
  const passOver = (path: Path) => unjudged.push(formatPath(path.slice(object.path.length)))
  const noting = { ...object, context: { ...object.context, passOver } }
  const read = READERS[kind.kind](refOf(source, object, apiVersion, kindName), at(noting, 'spec'))
  return unjudged.length === 0 ? read : withUnjudged(read, unjudged)
}

function withUnjudged(read: Read, unjudged: readonly string[]): Read {
  const { object } = read
  return { ...read, object: { ...object, ref: { ...object.ref, unjudged } } } as Read
}

function expectTopFields(object: Field): void {
  for (const key of Object.keys(isRecord(object.value) ? object.value : {})) {
    if (topFields.includes(key)) continue
    object.context.report([...object.path, key], `${key} is not modelled; expected only ${topFields.join(', ')}`)
  }
}

function refOf(source: SourceDocument, object: Field, apiVersion: string, kind: string): ObjectRef {
  const metadata = at(object, 'metadata')
  if (!isRecord(metadata.value)) complain(metadata, `a mapping with a name (it is ${describeValue(metadata.value)})`)
  const line = source.lineOf(object.path)
  return {
    apiVersion,
    kind,
    name: isRecord(metadata.value) ? textOf(at(metadata, 'name')) : '',
    namespace: optionalText(at(metadata, 'namespace'), 'default'),
    file: source.file,
    ...(line !== undefined && { line })
  }
}
