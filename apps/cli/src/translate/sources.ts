import type { Topology } from '@bookstore/contract'
import { defaultTopology } from '@bookstore/contract'
import { inNamespace, readTopology } from '@bookstore/local-mesh'
import {
  formatPolicyError,
  isPolicyKind,
  type Mesh,
  type PolicyFile,
  parsePolicies,
  runningOf,
  splitIntoObjects
} from '@bookstore/policy'
import { parse } from 'yaml'
import { CommandError } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

/** What files hold for a translation: policies, what runs, and kinds that are no policies. */
export interface TranslationSources {
  readonly mesh: Mesh
  /** Ports of the Services among the files, by `NAMESPACE/NAME`. */
  readonly ports: ReadonlyMap<string, number>
  /** Objects that are neither policies nor workloads nor Services, as `KIND NAMESPACE/NAME`. */
  readonly passedOver: readonly string[]
}

/**
 * Sorts the objects of files. What runs comes from the workloads and Services among them, else from `topologyFile`,
 * else it is the bookstore with its database, where the policies are about it.
 * @throws CommandError with a line for each object that cannot be read
 */
export function readTranslationSources(
  files: readonly PolicyFile[],
  { namespace, topologyFile }: { readonly namespace: string | undefined; readonly topologyFile: string | undefined }
): TranslationSources {
  const objects = files.flatMap(file => objectsOf(file, namespace))
  const policies = objects.filter(({ value }) => isPolicyKind(value.kind))
  const { policies: read, errors } = parsePolicies(policies.map(({ name, text }) => ({ name, text })))
  if (errors.length > 0) {
    const lines = errors.map(({ file, field, message }) => formatPolicyError({ file, field, message }))
    throw new CommandError(lines.join('\n'), { exitCode: EXIT.NO })
  }
  if (policies.length === 0) throw new CommandError('expected at least one policy, got none', { exitCode: EXIT.NO })
  const running = runningOf(objects.map(({ value }) => value))
  const { workloads, services } = running.topology
  const hasOwn = workloads.length + services.length > 0
  const topology = hasOwn
    ? running.topology
    : topologyFor(
        policies.map(({ value }) => value),
        topologyFile
      )
  const others = objects.filter(({ value }) => !isPolicyKind(value.kind) && !RUNNING.includes(value.kind))
  const passedOver = others.map(({ value }) => `${value.kind} ${value.metadata.namespace}/${value.metadata.name}`)
  return { mesh: { policies: read, topology }, ports: running.ports, passedOver }
}

const RUNNING = [
  'Service',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Job',
  'Pod',
  'Namespace',
  'ServiceAccount'
]

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace: string }
}

interface SourceObject {
  /** File and object, for messages. */
  readonly name: string
  readonly text: string
  readonly value: Manifest
}

function objectsOf(file: PolicyFile, namespace: string | undefined): SourceObject[] {
  const { objects, errors } = splitIntoObjects(file)
  if (errors.length > 0) throw new CommandError(errors.map(formatPolicyError).join('\n'), { exitCode: EXIT.NO })
  return objects.map(object => {
    const placed = inNamespace(object, namespace)
    return { name: `${file.name} (${placed.key})`, text: placed.text, value: parse(placed.text) as Manifest }
  })
}

function topologyFor(policies: readonly Manifest[], file: string | undefined): Topology {
  if (file !== undefined) {
    try {
      return readTopology(file)
    } catch (error) {
      throw new CommandError((error as Error).message, { cause: error })
    }
  }
  const named = policies.filter(({ kind }) => kind !== 'MeshConfig').map(({ metadata }) => metadata.namespace)
  const shop = bookstoreWithDatabase()
  const isAboutIt = named.length === 0 || named.some(name => shop.workloads.some(({ namespace }) => namespace === name))
  return isAboutIt ? shop : { workloads: [], services: [] }
}

// the warehouse's database is no part of the topology that the local mesh knows, and the course's policies name it
function bookstoreWithDatabase(): Topology {
  const { workloads, services } = defaultTopology()
  const mysql = { namespace: 'bookwarehouse', name: 'mysql' }
  return {
    workloads: [...workloads, { ...mysql, serviceAccount: 'mysql', labels: { app: 'mysql' }, addresses: [] }],
    services: [...services, { ...mysql, selector: { app: 'mysql' } }]
  }
}
