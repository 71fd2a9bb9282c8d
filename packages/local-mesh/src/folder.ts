import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PolicyFile } from '@bookstore/policy'

/** What a policy folder holds right now. */
export type FolderContent =
  | { readonly kind: 'files'; readonly files: readonly PolicyFile[] }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string }

/**
 * Reads the .yaml, .yml and .json files of a folder, by name, without its subfolders. Names with a leading
 * dot are somebody's work in progress (or Kubernetes' `..data`) and are left alone. Never rejects.
 */
export async function readFolder(folder: string): Promise<FolderContent> {
  try {
    const names = (await readdir(folder)).filter(isPolicyFile).sort()
    const files = await Promise.all(names.map(name => readPolicyFile(folder, name)))
    return { kind: 'files', files: files.filter(file => file !== null) }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { kind: 'missing' }
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) }
  }
}

// A file may be renamed away or deleted between the listing and the reading: then it is not there.
async function readPolicyFile(folder: string, name: string): Promise<PolicyFile | null> {
  try {
    return { name, text: await readFile(join(folder, name), 'utf8') }
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'EISDIR') return null
    throw error
  }
}

/** Whether the name is that of a policy file; names with a leading dot are work in progress. */
export function isPolicyFile(name: string): boolean {
  return !name.startsWith('.') && /\.(ya?ml|json)$/.test(name)
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
