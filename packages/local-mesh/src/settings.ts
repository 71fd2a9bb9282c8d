import { readFileSync } from 'node:fs'
import { type Account, defaultTopology, parseTopology, type Topology } from '@bookstore/contract'

/** A setting of the local mesh that cannot be read; the message names it. */
export class MeshSettingsError extends Error {
  override readonly name = 'MeshSettingsError'
  readonly code = 'MESH_SETTINGS'
}

/**
 * The local mesh's settings as text: MESH_TOPOLOGY (JSON, or the path of a JSON file) and MESH_ACCOUNT
 * (`namespace/account`).
 */
export interface MeshSettings {
  readonly meshTopology: string | undefined
  readonly meshAccount: string | undefined
}

/**
 * Topology and account of an application. Without MESH_TOPOLOGY the bookstore's own names, without addresses; without
 * MESH_ACCOUNT the account that the manifests give the application `app`.
 * @throws MeshSettingsError naming the variable
 */
export function readMeshSettings(
  { meshTopology, meshAccount }: MeshSettings,
  app: string
): { readonly topology: Topology; readonly account: Account } {
  return {
    topology: readTopology(meshTopology),
    account: readAccount(meshAccount ?? `${app}/${app}`)
  }
}

/**
 * The topology of MESH_TOPOLOGY (JSON, or the path of a JSON file); without one the bookstore's own names, without
 * addresses.
 * @throws MeshSettingsError naming the variable
 */
export function readTopology(value: string | undefined): Topology {
  if (!value) return defaultTopology()
  try {
    return parseTopology(/^\s*\{/.test(value) ? value : readTopologyFile(value))
  } catch (cause) {
    throw new MeshSettingsError(`MESH_TOPOLOGY: ${(cause as Error).message}`, { cause })
  }
}

function readTopologyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new Error(`expected a JSON object or the path of a file with one, got ${path} (${code})`, { cause })
  }
}

function readAccount(value: string): Account {
  const [, namespace, serviceAccount] = /^([a-z0-9-]+)\/([a-z0-9.-]+)$/.exec(value) ?? []
  if (namespace !== undefined && serviceAccount !== undefined) return { namespace, serviceAccount }
  throw new MeshSettingsError(`MESH_ACCOUNT: expected namespace/account, got "${value}"`)
}
