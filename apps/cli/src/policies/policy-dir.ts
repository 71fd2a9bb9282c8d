import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Topology } from '@bookstore/contract'
import { readTopology } from '@bookstore/local-mesh'
import { CommandError, type Context } from '../command.ts'
import { findRun, type RunFile } from '../up/run-file.ts'

/** Which folder of policies a command works on. */
export interface PolicyDir {
  readonly path: string
  /** Whether somebody named it, so that it must be there. */
  readonly isNamed: boolean
  /** The run that follows this folder, if one is going on. */
  readonly run: RunFile | undefined
}

/** The folder of `--policy-dir`, else of POLICY_DIR, else of the running `bookstore up`, else `.data/policies`. */
export async function findPolicyDir(
  option: string | undefined,
  { cwd, env, root }: Pick<Context, 'cwd' | 'env' | 'root'>
): Promise<PolicyDir> {
  const dataDir = dataDirOf({ cwd, env, root })
  const run = await findRun(dataDir)
  const given = option ?? env['POLICY_DIR']
  const path = given ? resolve(cwd, given) : (run?.policyDir ?? join(dataDir, 'policies'))
  return { path, isNamed: Boolean(given), run: run?.policyDir === path ? run : undefined }
}

/**
 * What is wrong with the folder: it is not there, though somebody named it or a running bookstore follows it. Nothing
 * declared would read as everything allowed, while the mesh keeps the policies it had.
 */
export function folderFault({ path, isNamed, run }: PolicyDir): string | undefined {
  if (existsSync(path) || !(isNamed || run)) return undefined
  return `${path}: expected a folder of policies, got none${run ? '; the mesh keeps the policies it had' : ''}`
}

/** @throws CommandError when the folder has a fault */
export function requireFolder(folder: PolicyDir): void {
  const fault = folderFault(folder)
  if (fault !== undefined) throw new CommandError(fault)
}

/** Where `bookstore up` keeps its state. */
export function dataDirOf({ cwd, env, root }: Pick<Context, 'cwd' | 'env' | 'root'>): string {
  const given = env['BOOKSTORE_DATA_DIR']
  return given ? resolve(cwd, given) : join(root, '.data')
}

/** The workloads and services that policies are about: those of MESH_TOPOLOGY, else the bookstore's own. */
export function topologyOf({ env }: Pick<Context, 'env'>): Topology {
  try {
    return readTopology(env['MESH_TOPOLOGY'])
  } catch (error) {
    throw new CommandError((error as Error).message, { cause: error })
  }
}
