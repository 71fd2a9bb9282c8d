import type { HttpClientOptions, Logger, Registry } from '@bookstore/common'
import type { MeshSettings } from '@bookstore/local-mesh'

/** The mesh that stands between the store and the warehouse on a laptop. */
export interface OpenMesh {
  readonly interceptors: NonNullable<HttpClientOptions['interceptors']>
  close(): Promise<void> | void
}

/**
 * The local mesh over the folder `policyDir`; without one there is nothing between us and the network.
 * @throws MeshSettingsError when the folder is not there
 */
export async function openMesh(
  settings: MeshSettings & { readonly policyDir: string | undefined },
  { logger, registry }: { readonly logger: Logger; readonly registry: Registry }
): Promise<OpenMesh> {
  const { policyDir } = settings
  if (policyDir === undefined) return { interceptors: [], close: () => undefined }
  // a store in a cluster has no use for it, and its start none for a YAML parser
  const { countDecisions, createLocalMesh, logChanges, readMeshSettings } = await import('@bookstore/local-mesh')
  const mesh = createLocalMesh({
    ...readMeshSettings(settings, 'bookstore'),
    policyDir,
    ...logChanges(logger),
    ...countDecisions(registry)
  })
  await mesh.ready
  return { interceptors: [mesh.interceptor], close: mesh.close }
}
