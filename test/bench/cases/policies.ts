import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultTopology, PURCHASE, withAddresses } from '@bookstore/contract'
import { decide, type Mesh, parsePolicies } from '@bookstore/policy'
import { repositoryRoot } from '@bookstore/testing'
import { type BenchCase, type CaseResult, medianOf, type Row } from '../lib/bench-case.ts'

const FEW = 10
const MANY = 10_000
const ROUNDS = 5
const DECISIONS = 20_000
const MOST = 2

/** What one decision of the local mesh costs, under few policies and under many. */
export const policiesCase: BenchCase = {
  name: 'policies',
  title: 'One decision of the local mesh (backend, pod and access)',
  run: measurePolicies
}

async function measurePolicies(): Promise<CaseResult> {
  const meshes = [FEW, MANY].map(count => ({ count, mesh: meshOf(count) }))
  const questions = [
    { who: 'bookbuyer', outcome: 'forward' },
    { who: 'bookthief', outcome: 'denied' }
  ]
  const ways = meshes.flatMap(({ count, mesh }) => questions.map(question => ({ count, mesh, ...question })))
  const values = ways.map((): number[] => [])
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [at, way] of ways.entries()) {
      const microseconds = costOf(way)
      // the first round is for the engine to compile
      if (round > 0) values[at]?.push(microseconds)
    }
  }
  const rows = ways.map(
    ({ count, outcome }, at): Row => ({
      name: nameOf(count, outcome),
      unit: 'µs of CPU',
      values: values[at] ?? [],
      ...(count === MANY ? { against: nameOf(FEW, outcome) } : {})
    })
  )
  const medians = (count: number) =>
    rows.filter((_, at) => ways[at]?.count === count).map(({ values: costs }) => medianOf(costs))
  const ratio = Math.max(...medians(MANY).map((cost, at) => cost / (medians(FEW)[at] ?? 0)))
  const sentence = `with ${MANY} policies at most ${MOST} x as much as with ${FEW}, is ${ratio.toFixed(2)}`
  return { rows, targets: [{ sentence, isMet: ratio <= MOST }] }
}

function nameOf(count: number, outcome: string): string {
  return `${outcome}, ${count.toLocaleString('en')} policies`
}

interface Way {
  readonly mesh: Mesh
  readonly who: string
  readonly outcome: string
}

function costOf({ mesh, who, outcome }: Way): number {
  const request = { ...PURCHASE, source: { namespace: who, serviceAccount: who } }
  const before = process.cpuUsage()
  for (let decision = 0; decision < DECISIONS; decision++) {
    const { kind } = decide(mesh, request, Math.random)
    if (kind !== outcome) throw new Error(`expected ${who} to be "${outcome}", got "${kind}"`)
  }
  return process.cpuUsage(before).user / DECISIONS
}

/** The policies of the course and, up to `count`, others of OSM and Istio about other accounts and workloads. */
function meshOf(count: number): Mesh {
  const own = ['permissive-off.yaml', 'access-buyer.yaml', 'split-90-10.yaml'].map(name => ({
    name,
    text: readFileSync(join(repositoryRoot, 'deploy/policies', name), 'utf8')
  }))
  const others = Array.from({ length: count }, (_, at) => ({ name: `other-${at}.yaml`, text: otherPolicy(at) }))
  const { policies, errors } = parsePolicies([...own, ...others])
  if (errors.length > 0) throw new Error(`expected good policies, got ${errors[0]?.message}`)
  const addresses = { 'bookstore-v1': ['http://127.0.0.1:1'], 'bookstore-v2': ['http://127.0.0.1:2'] }
  return { policies, topology: withAddresses(defaultTopology(), addresses) }
}

function otherPolicy(at: number): string {
  return at % 2 === 0
    ? `apiVersion: access.smi-spec.io/v1alpha3
kind: TrafficTarget
metadata: {name: other-${at}, namespace: bookstore}
spec:
  destination: {kind: ServiceAccount, name: other-${at}, namespace: bookstore}
  rules: [{kind: HTTPRouteGroup, name: bookstore-service-routes, matches: [buy-a-book]}]
  sources: [{kind: ServiceAccount, name: caller-${at}, namespace: callers}]
`
    : `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: other-${at}, namespace: bookstore}
spec:
  selector: {matchLabels: {app: other-${at}}}
  rules: [{from: [{source: {principals: ["cluster.local/ns/callers/sa/caller-${at}"]}}]}]
`
}
