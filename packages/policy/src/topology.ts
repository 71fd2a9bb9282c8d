import type { Account, ServiceName } from './model.ts'
import { isRecord } from './parse/field.ts'

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
      { name: 'bookstore', namespace: 'bookstore', selector: { app: 'bookstore' } },
      {
        name: 'bookstore-v1',
        namespace: 'bookstore',
        selector: { app: 'bookstore', version: 'v1' }
      },
      {
        name: 'bookstore-v2',
        namespace: 'bookstore',
        selector: { app: 'bookstore', version: 'v2' }
      },
      { name: 'bookwarehouse', namespace: 'bookwarehouse', selector: { app: 'bookwarehouse' } }
    ]
  }
}

/** The same topology with the addresses of some workloads, by workload name; unknown names throw a RangeError. */
export function withAddresses(
  topology: Topology,
  addresses: Readonly<Record<string, readonly string[]>>
): Topology {
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
    ({ namespace, labels }) =>
      namespace === service.namespace && hasLabels(labels, service.selector)
  )
}

/** The Service of that name, or undefined. */
export function findService(topology: Topology, wanted: ServiceName): Service | undefined {
  return topology.services.find(
    ({ name, namespace }) => name === wanted.name && namespace === wanted.namespace
  )
}

/** Whether all wanted labels are there. */
export function hasLabels(
  labels: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value)
}

/** The identity a workload has in the mesh. */
export function accountOf({ namespace, serviceAccount }: Workload): Account {
  return { namespace, serviceAccount }
}

/**
 * Reads a topology from JSON (`{"workloads": […], "services": […]}`). Throws a TypeError that says which
 * field was expected to be what.
 */
export function parseTopology(text: string): Topology {
  const value = parseJson(text)
  if (!isRecord(value)) throw wrong('topology', 'an object', value)
  const workloads = members(value['workloads'], 'workloads').map((member, index) => {
    const place = `workloads[${index}]`
    return {
      name: text1(member['name'], `${place}.name`),
      namespace: text1(member['namespace'], `${place}.namespace`),
      serviceAccount: text1(member['serviceAccount'], `${place}.serviceAccount`),
      labels: labels(member['labels'], `${place}.labels`),
      addresses: origins(member['addresses'] ?? [], `${place}.addresses`)
    }
  })
  const services = members(value['services'], 'services').map((member, index) => ({
    name: text1(member['name'], `services[${index}].name`),
    namespace: text1(member['namespace'], `services[${index}].namespace`),
    selector: labels(member['selector'], `services[${index}].selector`)
  }))
  return { workloads, services }
}

function workload(
  name: string,
  namespace: string,
  serviceAccount: string,
  app: string,
  version: string
): Workload {
  return { name, namespace, serviceAccount, labels: { app, version }, addresses: [] }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TypeError(`topology: expected JSON, got ${JSON.stringify(text.slice(0, 40))}`, {
      cause
    })
  }
}

function members(value: unknown, place: string): Record<string, unknown>[] {
  if (!Array.isArray(value)) throw wrong(place, 'a list', value)
  return value.map((member: unknown, index) => {
    if (!isRecord(member)) throw wrong(`${place}[${index}]`, 'an object', member)
    return member
  })
}

function text1(value: unknown, place: string): string {
  if (typeof value !== 'string' || value === '') throw wrong(place, 'a text', value)
  return value
}

function labels(value: unknown, place: string): Readonly<Record<string, string>> {
  if (!isRecord(value)) throw wrong(place, 'an object of labels', value)
  return Object.fromEntries(
    Object.entries(value).map(([key, label]) => [key, text1(label, `${place}.${key}`)])
  )
}

function origins(value: unknown, place: string): string[] {
  if (!Array.isArray(value)) throw wrong(place, 'a list of origins', value)
  return value.map((origin: unknown, index) => {
    const url = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : null
    if (url === null || !/^https?:$/.test(url.protocol)) {
      throw wrong(`${place}[${index}]`, 'an origin such as http://127.0.0.1:14001', origin)
    }
    return url.origin
  })
}

function wrong(place: string, expected: string, value: unknown): TypeError {
  return new TypeError(
    `topology: ${place}: expected ${expected}, got ${JSON.stringify(value) ?? 'nothing'}`
  )
}
