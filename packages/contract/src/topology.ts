import { type Account, BOOKSTORE, BOOKWAREHOUSE, type ServiceName } from './names.ts'

/** A deployment, as far as a mesh cares: who it is, what selects it, where its pods answer. */
export interface Workload {
  readonly name: string
  readonly namespace: string
  readonly serviceAccount: string
  readonly labels: Readonly<Record<string, string>>
  /** HTTP origins, one per pod, such as `http://127.0.0.1:14001`. */
  readonly addresses: readonly string[]
}

/** A Kubernetes Service: a name for the workloads of its namespace that carry all labels of the selector. */
export interface Service {
  readonly name: string
  readonly namespace: string
  readonly selector: Readonly<Record<string, string>>
}

/** What runs, in Kubernetes' own model, so that policies resolve as they do there. */
export interface Topology {
  readonly workloads: readonly Workload[]
  readonly services: readonly Service[]
}

/**
 * The bookstore as its manifests deploy it: names, accounts and labels, without addresses.
 */
export function defaultTopology(): Topology {
  return {
    workloads: [
      workload('bookbuyer', 'bookbuyer', 'bookbuyer', 'bookbuyer', 'v1'),
      workload('bookthief', 'bookthief', 'bookthief', 'bookthief', 'v1'),
      workload('bookstore-v1', 'bookstore', 'bookstore', 'bookstore', 'v1'),
      workload('bookstore-v2', 'bookstore', 'bookstore-v2', 'bookstore', 'v2'),
      workload('bookwarehouse', 'bookwarehouse', 'bookwarehouse', 'bookwarehouse', 'v1')
    ],
    services: [
      { ...BOOKSTORE, selector: { app: 'bookstore' } },
      { ...BOOKSTORE, name: 'bookstore-v1', selector: { app: 'bookstore', version: 'v1' } },
      { ...BOOKSTORE, name: 'bookstore-v2', selector: { app: 'bookstore', version: 'v2' } },
      { ...BOOKWAREHOUSE, selector: { app: 'bookwarehouse' } }
    ]
  }
}

/** The same topology with the addresses of some workloads, by workload name; unknown names throw a RangeError. */
export function withAddresses(topology: Topology, addresses: Readonly<Record<string, readonly string[]>>): Topology {
  for (const name of Object.keys(addresses)) {
    if (topology.workloads.some(workload => workload.name === name)) continue
    const known = topology.workloads.map(workload => workload.name).join(', ')
    throw new RangeError(`expected a workload (${known}), got ${name}`)
  }
  const workloads = topology.workloads.map(workload => ({
    ...workload,
    addresses: addresses[workload.name] ?? workload.addresses
  }))
  return { ...topology, workloads }
}

/** The workloads a Service sends to. A selector that is empty selects nothing, as in Kubernetes. */
export function selectedBy(topology: Topology, service: Service): Workload[] {
  if (Object.keys(service.selector).length === 0) return []
  return topology.workloads.filter(
    ({ namespace, labels }) => namespace === service.namespace && hasLabels(labels, service.selector)
  )
}

/** The Service of that name, or undefined. */
export function findService(topology: Topology, wanted: ServiceName): Service | undefined {
  return topology.services.find(({ name, namespace }) => name === wanted.name && namespace === wanted.namespace)
}

/** Whether all wanted labels are there. */
export function hasLabels(labels: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value)
}

/** The identity a workload has in the mesh. */
export function accountOf({ namespace, serviceAccount }: Workload): Account {
  return { namespace, serviceAccount }
}

function workload(name: string, namespace: string, serviceAccount: string, app: string, version: string): Workload {
  return { name, namespace, serviceAccount, labels: { app, version }, addresses: [] }
}
