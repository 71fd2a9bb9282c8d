import { createHash } from 'node:crypto'
import { emptyPolicies, type PolicyError, type PolicyFile, type PolicySet, parsePolicies } from '@bookstore/policy'
import { type FolderContent, readFolder } from './folder.ts'

/** The policies that hold, and what was last seen in the folder. */
export interface InForce {
  readonly policies: PolicySet
  /** Files the policies came from. */
  readonly files: readonly PolicyFile[]
  /** Counts the sets that were put in force, from 1; 0 before the first. */
  readonly version: number
  /** ISO time of the last change that was put in force; '' before the first. */
  readonly changedAt: string
  /** That change in words. */
  readonly lastChange: string
  /** Why what the folder holds is not in force, or that there is no folder; null when all is well. */
  readonly error: MeshError | null
  /** Tells what the folder held at the last look from anything else that it could hold. */
  readonly revision: string
}

export interface MeshError {
  /** ISO time at which it was first seen. */
  readonly at: string
  readonly errors: readonly PolicyError[]
}

/** Before the folder was read. */
export const notYetRead: InForce = {
  policies: emptyPolicies,
  files: [],
  version: 0,
  changedAt: '',
  lastChange: '',
  error: null,
  revision: ''
}

/** The revision that a mesh over this folder has once it has looked at what the folder holds now. Never rejects. */
export async function folderRevision(folder: string): Promise<string> {
  return revisionOf(await readFolder(folder))
}

function revisionOf(content: FolderContent): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
}

/**
 * The next state after a look at the folder; the same object when nothing changed. Files with an error and a folder
 * that is missing or cannot be read change nothing but the report: the last good set holds.
 */
export function afterLook(before: InForce, folder: string, content: FolderContent, at: string): InForce {
  const revision = revisionOf(content)
  if (revision === before.revision) return before
  if (content.kind !== 'files') {
    const got = content.kind === 'missing' ? 'none' : content.reason
    const message = `expected a readable folder of policies, got ${got}`
    return { ...before, revision, error: { at, errors: [{ file: folder, field: '', message }] } }
  }
  const { files } = content
  const { policies, errors } = parsePolicies(files)
  if (errors.length > 0) return { ...before, revision, error: { at, errors } }
  const lastChange = changeInWords(before, files)
  if (lastChange === '') return { ...before, revision, error: null }
  const version = before.version + 1
  return { policies, files, version, changedAt: at, lastChange, error: null, revision }
}

function changeInWords(before: InForce, files: readonly PolicyFile[]): string {
  if (before.version === 0) {
    return files.length === 0 ? 'started without policies' : `started with ${namesOf(files)}`
  }
  const textOf = (set: readonly PolicyFile[], name: string) => set.find(file => file.name === name)?.text
  const added = files.filter(({ name }) => textOf(before.files, name) === undefined)
  const removed = before.files.filter(({ name }) => textOf(files, name) === undefined)
  const changed = files.filter(({ name, text }) => {
    const old = textOf(before.files, name)
    return old !== undefined && old !== text
  })
  return [
    ...(added.length > 0 ? [`added ${namesOf(added)}`] : []),
    ...(changed.length > 0 ? [`changed ${namesOf(changed)}`] : []),
    ...(removed.length > 0 ? [`removed ${namesOf(removed)}`] : [])
  ].join('; ')
}

function namesOf(files: readonly PolicyFile[]): string {
  return files.map(({ name }) => name).join(', ')
}
