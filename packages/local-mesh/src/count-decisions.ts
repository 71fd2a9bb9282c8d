import { Counter, type Registry } from 'prom-client'
import type { LocalMeshOptions } from './local-mesh.ts'

/** The hook of a local mesh that counts what it decides. */
export function countDecisions(registry: Registry): Required<Pick<LocalMeshOptions, 'onDecision'>> {
  const decisions = new Counter({
    name: 'bookstore_local_mesh_decisions_total',
    help: 'What the local mesh in this process decided of its requests: forward, or how it refused them.',
    labelNames: ['decision'] as const,
    registers: [registry]
  })
  for (const decision of ['forward', 'reset', '403', '404', '503']) decisions.inc({ decision }, 0)
  const counts = new Map<string, ReturnType<typeof decisions.labels>>()
  return {
    onDecision(decision) {
      const count = counts.get(decision) ?? decisions.labels(decision)
      counts.set(decision, count)
      count.inc()
    }
  }
}
