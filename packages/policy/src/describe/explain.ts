import { accountOf, headersOf, type Service, selectedBy, type Topology, type Workload } from '@bookstore/contract'
import { evaluateAccess } from '../access/evaluate.ts'
import type { Access } from '../access/request.ts'
import type { Mesh } from '../mesh.ts'
import { backendsOf } from '../split/weighted-backends.ts'
import { describeBackends } from './describe.ts'

/** A question: may `source` send this to `destination`? Both are workload names; `destination` may be a service. */
export interface Question {
  readonly source: string
  readonly destination: string
  readonly method: string
  readonly path: string
  /** Those the source's application really sends, where absent. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The answer, for programs (`answers`) and for people (`lines`). */
export interface Explanation {
  readonly answers: readonly { readonly destination: string; readonly access: Access }[]
  readonly lines: readonly string[]
}

/**
 * Explains what the policies do with one request. A service's name stands for the workloads behind it,
 * and its split is told too. Throws a RangeError that lists the known names for an unknown one.
 */
export function explain(mesh: Mesh, question: Question): Explanation {
  const { topology } = mesh
  const source = topology.workloads.find(({ name }) => name === question.source)
  if (source === undefined) throw unknown('source', question.source, topology.workloads)
  const { workloads, service } = destinationsOf(topology, question.destination)
  const { method, path } = question
  const headers = question.headers ?? headersOf(source, method, path)
  const request = { source: accountOf(source), method, path, headers }
  const split = service === null ? null : backendsOf(mesh, service, request)
  const answers = workloads.map(destination => ({
    destination: destination.name,
    access: evaluateAccess(mesh, { ...request, destination })
  }))
  const opening =
    split?.declared === true ? [`${question.destination} goes to ${describeBackends(split)} (${split.source})`] : []
  const lines = answers.map(({ destination, access }) => lineOf(source, destination, question, access))
  return { answers, lines: [...opening, ...lines] }
}

function destinationsOf(
  topology: Topology,
  name: string
): { readonly workloads: readonly Workload[]; readonly service: Service | null } {
  const workload = topology.workloads.find(other => other.name === name)
  if (workload !== undefined) return { workloads: [workload], service: null }
  const service = topology.services.find(other => other.name === name)
  if (service === undefined) {
    throw unknown('destination', name, [...topology.workloads, ...topology.services])
  }
  return { workloads: selectedBy(topology, service), service }
}

function lineOf(source: Workload, destination: string, { method, path }: Question, access: Access): string {
  const question = `${source.name} -> ${destination} ${method.toUpperCase()} ${path}`
  if (access.allowed) return `${question}: allowed by ${access.by}`
  const look = access.how === 'reset' ? 'the connection is closed' : `${access.how} from Envoy`
  return `${question}: denied (${look}): ${access.why}`
}

function unknown(what: string, name: string, known: readonly { readonly name: string }[]): RangeError {
  const names = [...new Set(known.map(other => other.name))].join(', ')
  return new RangeError(`expected a ${what} of ${names}, got ${name}`)
}
