import { evaluateAccess } from '../access/evaluate.ts'
import type { Access } from '../access/request.ts'
import { type ClientRequest, clientRequestsOf } from '../client-requests.ts'
import type { PolicySet } from '../model.ts'
import { accountOf, findService, selectedBy, type Topology, type Workload } from '../topology.ts'

/** Whether one workload may do at another what it really does there. */
export interface AccessRow {
  readonly source: Workload
  readonly destination: Workload
  /** `partly`: some of its requests are allowed, some denied. */
  readonly verdict: 'allowed' | 'denied' | 'partly'
  readonly requests: readonly { readonly request: ClientRequest; readonly access: Access }[]
}

/** Every pair of workloads of which one calls the other, judged by the requests it really sends. */
export function accessMatrix(policies: PolicySet, topology: Topology): AccessRow[] {
  return topology.workloads.flatMap(source => {
    const byDestination = new Map<Workload, ClientRequest[]>()
    for (const request of clientRequestsOf(source)) {
      const service = findService(topology, request.service)
      for (const destination of service === undefined ? [] : selectedBy(topology, service)) {
        byDestination.set(destination, [...(byDestination.get(destination) ?? []), request])
      }
    }
    return [...byDestination].map(([destination, requests]) =>
      rowOf(policies, topology, source, destination, requests)
    )
  })
}

function rowOf(
  policies: PolicySet,
  topology: Topology,
  source: Workload,
  destination: Workload,
  sent: readonly ClientRequest[]
): AccessRow {
  const requests = sent.map(request => ({
    request,
    access: evaluateAccess(policies, topology, {
      ...request,
      source: accountOf(source),
      destination
    })
  }))
  const allowed = requests.filter(({ access }) => access.allowed).length
  const verdict = allowed === 0 ? 'denied' : allowed === requests.length ? 'allowed' : 'partly'
  return { source, destination, verdict, requests }
}
