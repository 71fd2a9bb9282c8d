import type { Service, Topology, Workload } from '@bookstore/contract'
import { isRecord } from '../parse/field.ts'

/** What plain Kubernetes objects tell about what runs, and the ports of Services by `NAMESPACE/NAME`. */
export interface Running {
  readonly topology: Topology
  readonly ports: ReadonlyMap<string, number>
}

const withTemplate = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job']

/**
 * The workloads and Services among Kubernetes objects; other kinds are passed over. `nameless` is the namespace of
 * objects that name none.
 */
export function runningOf(objects: readonly unknown[], nameless = 'default'): Running {
  const found = objects.flatMap(object => (isRecord(object) ? [readObject(object, nameless)] : []))
  const services = found.flatMap(({ service }) => (service === null ? [] : [service]))
  return {
    topology: {
      workloads: found.flatMap(({ workload }) => (workload === null ? [] : [workload])),
      services: services.map(({ port: _, ...service }) => service)
    },
    ports: new Map(
      services.flatMap(({ namespace, name, port }) => (port === null ? [] : [[`${namespace}/${name}`, port] as const]))
    )
  }
}

interface Found {
  readonly workload: Workload | null
  readonly service: (Service & { readonly port: number | null }) | null
}

function readObject(object: Record<string, unknown>, nameless: string): Found {
  const { kind } = object
  const [metadata, spec] = [recordOf(object['metadata']), recordOf(object['spec'])]
  const place = { name: textOf(metadata['name'], ''), namespace: textOf(metadata['namespace'], nameless) }
  if (kind === 'Service')
    return { workload: null, service: { ...place, selector: labelsOf(spec['selector']), port: portOf(spec['ports']) } }
  const template = recordOf(spec['template'])
  const pod =
    kind === 'Pod' ? { metadata, spec } : { metadata: recordOf(template['metadata']), spec: recordOf(template['spec']) }
  const isWorkload = kind === 'Pod' || withTemplate.includes(String(kind))
  return { workload: isWorkload ? workloadOf(place, pod.metadata, pod.spec) : null, service: null }
}

function workloadOf(
  place: { readonly name: string; readonly namespace: string },
  metadata: Record<string, unknown>,
  spec: Record<string, unknown>
): Workload {
  const serviceAccount = textOf(spec['serviceAccountName'] ?? spec['serviceAccount'], 'default')
  return { ...place, serviceAccount, labels: labelsOf(metadata['labels']), addresses: [] }
}

function labelsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(recordOf(value)).map(([key, label]) => [key, String(label)]))
}

function portOf(value: unknown): number | null {
  const ports = Array.isArray(value) ? value : []
  const port: unknown = ports.length === 1 && isRecord(ports[0]) ? ports[0]['port'] : null
  return typeof port === 'number' ? port : null
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' && value !== '' ? value : fallback
}
