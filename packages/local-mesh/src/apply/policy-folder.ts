import { accessSync, constants, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  formatPolicyError,
  type PolicyFile,
  type PolicyObject,
  parsePolicies,
  splitIntoObjects
} from '@bookstore/policy'
import { isPolicyFile } from '../folder.ts'
import { ApplyError } from './apply-error.ts'
import { makeFolder } from './make-folder.ts'

/** What happened to an object, in kubectl's words. */
export type Applied = 'created' | 'configured' | 'unchanged'

/** The policy files of a folder by name, as the local mesh reads them; none when there is no folder. */
export function readPolicyFolder(folder: string): readonly PolicyFile[] {
  const names = listFolder(folder).filter(isPolicyFile)
  return names.sort().map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

/**
 * Puts an object into its own file `<key>.yaml`, atomically: the mesh sees the old or the new one.
 * A file under another name that holds just this object is replaced.
 * @throws ApplyError when a file with further objects holds it, and when this user may not write
 */
export function putObject(folder: string, { key, text }: PolicyObject): Applied {
  const name = `${key}.yaml`
  const result = wouldApply(folder, { key, text })
  if (result === 'unchanged') return result
  const holder = holderOf(folder, key)
  guarded(folder, () => {
    makeFolder(folder)
    // names with a leading dot are not read by the mesh
    const draft = join(folder, `.${name}.${process.pid}`)
    writeFileSync(draft, text)
    renameSync(draft, join(folder, name))
    if (holder && holder.name !== name) rmSync(join(folder, holder.name))
  })
  return result
}

/**
 * Removes the file of an object; false when there is none.
 * @throws ApplyError when a file with further objects holds it, and when this user may not write
 */
export function removeObject(folder: string, key: string): boolean {
  const holder = holderOf(folder, key)
  if (holder === undefined) return false
  guarded(folder, () => rmSync(join(folder, holder.name)))
  return true
}

/** The files that the folder would hold with these objects in place of those that they replace. */
export function filesWith(folder: string, objects: readonly PolicyObject[]): readonly PolicyFile[] {
  const files = objects.map(({ key, text }) => ({ name: `${key}.yaml`, text }))
  return [...without(readPolicyFolder(folder), objects), ...files]
}

/** What is declared, with the files in place of what they replace; `place` gives an object its namespace. */
export function filesOf(
  declared: readonly PolicyFile[],
  files: readonly PolicyFile[],
  place: (object: PolicyObject) => PolicyObject
): readonly PolicyFile[] {
  const objects = files.flatMap(file => splitIntoObjects(file).objects).map(place)
  return [...without(declared, objects), ...files]
}

function without(files: readonly PolicyFile[], objects: readonly PolicyObject[]): readonly PolicyFile[] {
  const keys = new Set(objects.map(({ key }) => key))
  return files.filter(file => !splitIntoObjects(file).objects.some(({ key }) => keys.has(key)))
}

/** Whether this user may put objects into the folder; a folder that is mounted read-only is not changed from here. */
export function mayWriteTo(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false // the answer that was asked for
  }
}

/** What `putObject` would do. @throws ApplyError as it would */
export function wouldApply(folder: string, { key, text }: PolicyObject): Applied {
  const holder = holderOf(folder, key)
  if (holder === undefined) return 'created'
  return holder.name === `${key}.yaml` && holder.text === text ? 'unchanged' : 'configured'
}

/**
 * Refuses objects of the files that break policies which are sound without them, such as a second MeshConfig.
 * @throws ApplyError with a line for each error that they would bring, at its place in the files
 */
export function requireFit(
  folder: string,
  files: readonly PolicyFile[],
  place: (object: PolicyObject) => PolicyObject
) {
  const declared = readPolicyFolder(folder)
  if (parsePolicies(declared).errors.length > 0) return
  const objects = files.flatMap(file => splitIntoObjects(file).objects).map(place)
  const { errors } = parsePolicies(filesWith(folder, objects))
  if (errors.length === 0) return
  // where the person wrote it; a fault that only the namespace of -n brings is told of the object
  const asWritten = parsePolicies(filesOf(declared, files, place)).errors
  const told = asWritten.length > 0 ? asWritten : errors
  throw new ApplyError('refused', told.map(formatPolicyError).join('\n'))
}

function holderOf(folder: string, key: string): PolicyFile | undefined {
  for (const file of readPolicyFolder(folder)) {
    const { objects } = splitIntoObjects(file)
    if (!objects.some(object => object.key === key)) continue
    if (objects.length === 1) return file
    throw new ApplyError(
      'refused',
      `${join(folder, file.name)} holds ${key} together with other objects; change it there, or remove that file and apply its objects`
    )
  }
  return undefined
}

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw notAccessible('read', folder, error)
  }
}

function guarded(folder: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    throw notAccessible('written', folder, error)
  }
}

function notAccessible(what: string, folder: string, cause: unknown): ApplyError {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException
  return new ApplyError('no-access', `the policies in ${folder} cannot be ${what} (${code})`, { cause })
}
