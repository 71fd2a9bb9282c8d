import { createTally, keptBy } from '@bookstore/common'
import type { Registry } from 'prom-client'
import type { LocalMeshOptions } from './local-mesh.ts'

/** The hook of a local mesh that counts what it decides. */
export function countDecisions(registry: Registry): Required<Pick<LocalMeshOptions, 'onDecision'>> {
  const decisions = createTally({
    registry,
    name: 'bookstore_local_mesh_decisions_total',
    help: 'What the local mesh in this process decided of its requests: forward, or how it refused them.',
    labelNames: ['decision']
  })
  const rowOf = keptBy((decision: string) => decisions({ decision }))
  for (const decision of ['forward', 'reset', '403', '404', '503']) rowOf(decision)
  return { onDecision: decision => rowOf(decision).add() }
}
