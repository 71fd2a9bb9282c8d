import type { PolicyError } from '../errors.ts'
import { emptyPolicies, nameOf, type ObjectRef, type PolicySet } from '../model.ts'
import { keyOf } from '../objects.ts'
import { type PolicyFile, readDocuments, type SourceDocument } from './documents.ts'
import type { Read } from './kinds.ts'
import { readDocument } from './object.ts'

/** What was understood, and what was not. A set with errors must not be put in force: it is incomplete. */
export interface ParsedPolicies {
  readonly policies: PolicySet
  readonly errors: readonly PolicyError[]
}

/**
 * Reads policy files: YAML (JSON is YAML), several documents each. Everything that is not modelled is an
 * error that names file, line and field; a bad document does not hide the others. Never throws.
 */
export function parsePolicies(files: readonly PolicyFile[]): ParsedPolicies {
  const read = files.map(readDocuments)
  return collect(
    read.flatMap(({ documents }) => documents),
    read.flatMap(({ errors }) => errors)
  )
}

/**
 * The same for objects that are already values, as the Kubernetes API gives them; errors carry `source`
 * as their file and have no line. Never throws.
 */
export function parsePolicyObjects(
  objects: readonly unknown[],
  { source = 'the cluster' }: { readonly source?: string } = {}
): ParsedPolicies {
  const documents = objects.map(value => ({
    file: source,
    value,
    lineOf: () => undefined,
    sourceOf: () => undefined
  }))
  return collect(documents, [])
}

function collect(documents: readonly SourceDocument[], unreadable: readonly PolicyError[]): ParsedPolicies {
  const read = documents.map(readDocument)
  const objects = read.flatMap(document => document.objects)
  const errors = [...unreadable, ...read.flatMap(document => document.errors), ...twins(objects)]
  return { policies: objects.reduce(added, emptyPolicies), errors }
}

function added(set: PolicySet, { part, object }: Read): PolicySet {
  if (part === 'meshConfig') return { ...set, meshConfig: object }
  return { ...set, [part]: [...set[part], object] }
}

// a mesh has one MeshConfig, wherever it lives: in osm-system, on AKS in kube-system
function twins(objects: readonly Read[]): PolicyError[] {
  const first = new Map<string, ObjectRef>()
  return objects.flatMap(({ object: { ref } }) => {
    const key = ref.kind === 'MeshConfig' ? ref.kind : keyOf(ref)
    const earlier = first.get(key)
    if (earlier === undefined) first.set(key, ref)
    return earlier === undefined ? [] : [twinError(earlier, ref)]
  })
}

function twinError(earlier: ObjectRef, ref: ObjectRef): PolicyError {
  const where = earlier.line === undefined ? earlier.file : `${earlier.file}:${earlier.line}`
  const what = ref.kind === 'MeshConfig' ? 'one MeshConfig for the mesh' : `${nameOf(ref)} once`
  const message = `expected ${what}, got it in ${where} and here`
  const place = { file: ref.file, ...(ref.line !== undefined && { line: ref.line }) }
  return { ...place, field: 'metadata.name', message }
}
