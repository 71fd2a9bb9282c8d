import {
  accountOf,
  type ClientRequest,
  clientRequestsOf,
  findService,
  selectedBy,
  type Workload
} from '@bookstore/contract'
import { evaluateAccess } from '../access/evaluate.ts'
import type { Access } from '../access/request.ts'
import type { Mesh } from '../mesh.ts'

/** Whether one workload may do at another what it really does there. */
export interface AccessRow {
  readonly source: Workload
  readonly destination: Workload
  /** `partly`: some of its requests are allowed, some denied. */
  readonly verdict: 'allowed' | 'denied' | 'partly'
  readonly requests: readonly { readonly request: ClientRequest; readonly access: Access }[]
}

/** Every pair of workloads of which one calls the other, judged by the requests it really sends. */
export function accessMatrix(mesh: Mesh): AccessRow[] {
  const { topology } = mesh
  return topology.workloads.flatMap(source => {
    const byDestination = new Map<Workload, ClientRequest[]>()
    for (const request of clientRequestsOf(source)) {
      const service = findService(topology, request.service)
      for (const destination of service === undefined ? [] : selectedBy(topology, service)) {
        byDestination.set(destination, [...(byDestination.get(destination) ?? []), request])
      }
    }
    return [...byDestination].map(([destination, requests]) => rowOf(mesh, source, destination, requests))
  })
}

function rowOf(mesh: Mesh, source: Workload, destination: Workload, sent: readonly ClientRequest[]): AccessRow {
  const requests = sent.map(request => ({
    request,
    access: evaluateAccess(mesh, {
      ...request,
      source: accountOf(source),
      destination
    })
  }))
  const allowed = requests.filter(({ access }) => access.allowed).length
  const verdict = allowed === 0 ? 'denied' : allowed === requests.length ? 'allowed' : 'partly'
  return { source, destination, verdict, requests }
}
