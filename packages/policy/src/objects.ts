import { stringify } from 'yaml'
import type { PolicyError } from './errors.ts'
import type { ObjectRef } from './model.ts'
import { type PolicyFile, readDocuments } from './parse/documents.ts'
import { isRecord } from './parse/field.ts'

/** One object of a file, as a file of its own. */
export interface PolicyObject {
  /** `trafficsplit.bookstore.bookstore-split`: what applying again replaces, and a safe file name. */
  readonly key: string
  readonly text: string
}

/**
 * Cuts a file into its objects (a List into its items), each with the key under which `apply` keeps it and
 * `delete` finds it. What has no kind and name, or a name that is no Kubernetes name, is an error.
 * It does not judge the policies themselves: `parsePolicies` does.
 */
export function splitIntoObjects(file: PolicyFile): {
  readonly objects: readonly PolicyObject[]
  readonly errors: readonly PolicyError[]
} {
  const { documents, errors } = readDocuments(file)
  const found = documents.flatMap(document => {
    const line = document.lineOf([])
    return itemsOf(document.value).map(value => ({ value, line }))
  })
  const objects: PolicyObject[] = []
  const unnamed: PolicyError[] = []
  for (const { value, line } of found) {
    const key = objectKey(value)
    if (key !== null) objects.push({ key, text: stringify(value, { aliasDuplicateObjects: false }) })
    else {
      const message = 'expected an object with kind and metadata.name (lower-case letters, digits, - and .)'
      unnamed.push({
        file: file.name,
        ...(line !== undefined && { line }),
        field: 'metadata.name',
        message
      })
    }
  }
  return { objects, errors: [...errors, ...unnamed] }
}

/** The key of an object: kind, namespace and name, lower-case, with dots; null for what has none. */
export function objectKey(value: unknown): string | null {
  const metadata = isRecord(value) && isRecord(value['metadata']) ? value['metadata'] : null
  const kind = isRecord(value) ? value['kind'] : null
  const name = metadata?.['name']
  const namespace = metadata?.['namespace'] ?? 'default'
  if (typeof kind !== 'string' || typeof name !== 'string' || typeof namespace !== 'string') return null
  const named = /^[a-z0-9][-a-z0-9.]*$/
  if (!/^[A-Za-z]+$/.test(kind) || !named.test(name) || !named.test(namespace)) return null
  return keyOf({ kind, namespace, name })
}

/** The key of an object that was read. */
export function keyOf({ kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>): string {
  return `${kind.toLowerCase()}.${namespace}.${name}`
}

function itemsOf(value: unknown): readonly unknown[] {
  const isList = isRecord(value) && value['kind'] === 'List' && Array.isArray(value['items'])
  return isList ? (value['items'] as readonly unknown[]) : [value]
}
