import type { Topology, Workload } from '@bookstore/contract'
import { isPolicyKind, type Mesh, parsePolicyObjects, runningOf } from '@bookstore/policy'
import { parseAllDocuments } from 'yaml'

/** A set as it is deployed for the trial. */
export interface TrialSet {
  readonly mesh: Mesh
  readonly namespaces: readonly string[]
  /** Kubernetes objects without the policies. */
  readonly objects: readonly object[]
  /** Where pods of a workload answer: the Service's name and port, and the pod's port. Nothing for one without a Service. */
  readonly addressOf: (workload: Workload) => Address | undefined
}

export interface Address {
  readonly host: string
  readonly port: number
  readonly podPort: number
  /** Whether its Service says that it speaks no HTTP. */
  readonly isTcp: boolean
}

export interface TrialImages {
  readonly image: string
  readonly clientImage: string
}

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly spec: { readonly ports?: readonly { port: number; targetPort?: number; name?: string }[] }
}

// our servers run as nobody and take no port below this
const LOWEST_PORT = 1024
const USUAL_PORT = 14_001

/** Reads a set; its workloads become Deployments of our store, which answers whatever it is asked and says its name. */
export function readTrialSet(text: string, { image, clientImage }: TrialImages): TrialSet {
  const documents = parseAllDocuments(text).map(document => document.toJS() as Manifest)
  const { policies, errors } = parsePolicyObjects(documents.filter(({ kind }) => isPolicyKind(kind)))
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  const { topology } = runningOf(documents)
  const services = documents.filter(({ kind }) => kind === 'Service')
  const addressOf = (workload: Workload) => addressFor(workload, topology, services)
  const named = documents.filter(({ kind }) => kind !== 'MeshConfig').map(({ metadata }) => metadata.namespace)
  return {
    mesh: { policies, topology },
    namespaces: [...new Set([...named, ...topology.workloads.map(({ namespace }) => namespace)])],
    objects: [
      ...topology.workloads.flatMap(workload => [
        accountObject(workload),
        deployment(workload, addressOf(workload)?.podPort ?? USUAL_PORT, { image, clientImage })
      ]),
      ...services.map(service => withPodPort(service))
    ],
    addressOf
  }
}

function addressFor(workload: Workload, { services }: Topology, manifests: readonly Manifest[]): Address | undefined {
  const selecting = services.filter(
    ({ namespace, selector }) =>
      namespace === workload.namespace &&
      Object.entries(selector).every(([key, value]) => workload.labels[key] === value)
  )
  // the narrowest one: that of a split selects the pods of its backends too
  const service = selecting.toSorted((a, b) => Object.keys(b.selector).length - Object.keys(a.selector).length)[0]
  const manifest = manifests.find(
    ({ metadata }) => metadata.name === service?.name && metadata.namespace === service.namespace
  )
  const port = manifest?.spec.ports?.[0]
  if (service === undefined || port === undefined) return undefined
  const host = `${service.name}.${service.namespace}.svc.cluster.local`
  return { host, port: port.port, podPort: podPortOf(port), isTcp: port.name?.startsWith('tcp') ?? false }
}

function podPortOf({ port, targetPort = port }: { readonly port: number; readonly targetPort?: number }): number {
  return targetPort >= LOWEST_PORT ? targetPort : USUAL_PORT
}

function withPodPort(service: Manifest): object {
  const ports = service.spec.ports?.map(port => ({ ...port, targetPort: podPortOf(port) }))
  return { ...service, spec: { ...service.spec, ports } }
}

function accountObject({ serviceAccount, namespace }: Workload): object {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: serviceAccount, namespace } }
}

function deployment({ name, namespace, labels, serviceAccount }: Workload, port: number, images: TrialImages): object {
  const server = {
    name: 'server',
    image: images.image,
    imagePullPolicy: 'IfNotPresent',
    command: ['/bookstore', '--port', String(port), '--ident', name],
    env: [{ name: 'OUTBOX_MAX', value: '100000000' }],
    readinessProbe: { httpGet: { path: '/readiness', port }, periodSeconds: 1 }
  }
  const client = {
    name: 'client',
    image: images.clientImage,
    imagePullPolicy: 'IfNotPresent',
    command: ['/bin/sh', '-c', 'while :; do sleep 3600; done']
  }
  const spec = { serviceAccountName: serviceAccount, terminationGracePeriodSeconds: 1, containers: [server, client] }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } }
  }
}
