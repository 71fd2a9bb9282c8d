import type { HttpClientOptions, Logger } from '@bookstore/common'
import { formatPolicyError } from '@bookstore/policy'
import { createLocalMesh, type MeshSettings, readMeshSettings } from '@bookstore/policy/local-mesh'

/** The mesh that stands between the store and the warehouse on a laptop. */
export interface OpenMesh {
  readonly interceptors: NonNullable<HttpClientOptions['interceptors']>
  close(): Promise<void> | void
}

/** The local mesh over the folder `policyDir`; without one there is nothing between us and the network. */
export function openMesh(
  settings: MeshSettings & { readonly policyDir: string | undefined },
  logger: Logger
): OpenMesh {
  const { policyDir } = settings
  if (policyDir === undefined) return { interceptors: [], close: () => undefined }
  const mesh = createLocalMesh({
    ...readMeshSettings(settings, 'bookstore'),
    policyDir,
    onChange: ({ lastChange, files }) =>
      logger.info({ change: lastChange, files }, 'policies in force'),
    onError: ({ errors }) =>
      logger.warn(
        { errors: errors.map(formatPolicyError) },
        'policies not in force; the last good ones hold'
      )
  })
  return { interceptors: [mesh.interceptor], close: mesh.close }
}
