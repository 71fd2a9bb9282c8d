import type { Workload } from '@bookstore/contract'
import { mtlsMode } from '../access/istio.ts'
import type { Mesh } from '../mesh.ts'
import { nameOf } from '../model.ts'

/** Whether a workload takes mutual TLS only. */
export interface DeclaredMutualTls {
  readonly strict: boolean
  readonly source: string
}

/** What is declared of a workload; null where nothing is. OSM takes nothing else inside the mesh, by its nature. */
export function declaredMutualTls({ policies }: Pick<Mesh, 'policies'>, workload: Workload): DeclaredMutualTls | null {
  if (policies.peerAuthentications.length > 0) {
    const mode = mtlsMode(policies, workload)
    return { strict: mode === 'STRICT', source: policies.peerAuthentications.map(({ ref }) => nameOf(ref)).join(', ') }
  }
  const { meshConfig } = policies
  return meshConfig && { strict: true, source: `${nameOf(meshConfig.ref)}: OSM always` }
}
