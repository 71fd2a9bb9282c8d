import type { ProbeWay } from '@bookstore/common'
import type { WarehouseConfig } from './config.ts'

/**
 * On a laptop a probe goes through a local mesh of its own, which lives as long: the warehouse calls nobody else, so
 * that nothing of it is loaded before.
 */
export async function openProbeWay({
  policyDir,
  ...settings
}: Pick<WarehouseConfig, 'policyDir' | 'meshTopology' | 'meshAccount'>): Promise<ProbeWay> {
  if (policyDir === undefined) return { interceptors: [] }
  const { createLocalMesh, readMeshSettings } = await import('@bookstore/local-mesh')
  const mesh = createLocalMesh({ ...readMeshSettings(settings, 'bookwarehouse'), policyDir })
  await mesh.ready
  return { interceptors: [mesh.interceptor], close: mesh.close }
}
