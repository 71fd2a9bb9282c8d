import { clusterOrigin, selectedBy, type Topology } from '@bookstore/contract'
import type { PromiseOutlook } from '@bookstore/policy'
import type { Bench } from './bench.ts'
import { Hindered } from './cannot-see.ts'
import type { StorePlace } from './stores.ts'

/**
 * Where the stores behind a request answer: as they are named, else at the addresses of their pods, else at the Service
 * of each in the cluster.
 */
export function placesOf(outlook: PromiseOutlook, named: readonly string[]): readonly StorePlace[] {
  if (named.length > 0) return named.map(url => ({ url, isOnePod: false }))
  return workloadsBehind(outlook).flatMap(name => placesOfWorkload(outlook.topology, name))
}

/** The first place of one of these workloads. @throws Hindered where none is known */
export async function placeOf({ places, stores }: Bench, workloads: readonly string[]): Promise<StorePlace> {
  for (const place of places) if (workloads.includes(await stores.versionOf(place))) return place
  throw new Hindered(`the address of no store of ${workloads.join(', ')} is known`, 'name it with --store')
}

function workloadsBehind({ declared }: PromiseOutlook): readonly string[] {
  return [...new Set((declared?.balance ?? []).flatMap(({ workloads }) => workloads))]
}

function placesOfWorkload(topology: Topology, name: string): readonly StorePlace[] {
  const workload = topology.workloads.find(candidate => candidate.name === name)
  if (workload === undefined) return []
  if (workload.addresses.length > 0) return workload.addresses.map(url => ({ url, isOnePod: true }))
  const service = topology.services.find(candidate => {
    const [only, ...others] = selectedBy(topology, candidate)
    return only?.name === name && others.length === 0
  })
  return service === undefined ? [] : [{ url: clusterOrigin(service), isOnePod: false }]
}
