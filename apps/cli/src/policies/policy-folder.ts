import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isPolicyFile } from '@bookstore/local-mesh'
import {
  formatPolicyError,
  type PolicyFile,
  type PolicyObject,
  parsePolicies,
  splitIntoObjects
} from '@bookstore/policy'
import { CommandError } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

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
 * @throws CommandError when a file with further objects holds it, and when this user may not write
 */
export function putObject(folder: string, { key, text }: PolicyObject): Applied {
  const name = `${key}.yaml`
  const holder = holderOf(folder, key)
  if (holder?.name === name && holder.text === text) return 'unchanged'
  guarded(folder, () => {
    mkdirSync(folder, { recursive: true })
    // names with a leading dot are not read by the mesh
    const draft = join(folder, `.${name}.${process.pid}`)
    writeFileSync(draft, text)
    renameSync(draft, join(folder, name))
    if (holder && holder.name !== name) rmSync(join(folder, holder.name))
  })
  return holder ? 'configured' : 'created'
}

/**
 * Removes the file of an object; false when there is none.
 * @throws CommandError when a file with further objects holds it, and when this user may not write
 */
export function removeObject(folder: string, key: string): boolean {
  const holder = holderOf(folder, key)
  if (holder === undefined) return false
  guarded(folder, () => rmSync(join(folder, holder.name)))
  return true
}

/**
 * Refuses objects that break policies which are sound without them, such as a second MeshConfig.
 * @throws CommandError with a line for each error that they would bring
 */
export function requireFit(folder: string, objects: readonly PolicyObject[]): void {
  const before = readPolicyFolder(folder)
  if (parsePolicies(before).errors.length > 0) return
  const keys = new Set(objects.map(({ key }) => key))
  const stay = before.filter(file => !splitIntoObjects(file).objects.some(({ key }) => keys.has(key)))
  const { errors } = parsePolicies([...stay, ...objects.map(({ key, text }) => ({ name: `${key}.yaml`, text }))])
  if (errors.length > 0) throw new CommandError(errors.map(formatPolicyError).join('\n'), { exitCode: EXIT.NO })
}

function holderOf(folder: string, key: string): PolicyFile | undefined {
  for (const file of readPolicyFolder(folder)) {
    const { objects } = splitIntoObjects(file)
    if (!objects.some(object => object.key === key)) continue
    if (objects.length === 1) return file
    throw new CommandError(
      `${join(folder, file.name)} holds ${key} together with other objects; change it there, or remove that file and apply its objects`,
      { exitCode: EXIT.NO }
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

function notAccessible(what: string, folder: string, cause: unknown): CommandError {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException
  return new CommandError(
    `the policies in ${folder} cannot be ${what} (${code}); give another folder with --policy-dir`,
    { cause }
  )
}
