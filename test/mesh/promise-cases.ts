import { readFileSync } from 'node:fs'
import type { PromiseName } from '@bookstore/contract'
import { run, tryRun } from './command.ts'
import { type MeshUnderTest, patch } from './meshes.ts'

/** A promise with how it is declared in the cluster and taken away again behind the release. */
export interface PromiseCase {
  readonly name: PromiseName
  /** The policies that are to hold, as YAML, for `bookstore prove -f`. */
  readonly expected: string
  declare(): Promise<void>
  /** Takes the policy away; null where the mesh has none that could be. */
  readonly remove: (() => Promise<void>) | null
}

/** The promises that a mesh knows, one after the other. */
export function promiseCases(mesh: MeshUnderTest, outside: string): readonly PromiseCase[] {
  const byNature = (name: PromiseName, expected: string): PromiseCase => {
    return { name, expected, declare: async () => undefined, remove: null }
  }
  const shared = [byNature('load-balancing', SPLIT[mesh.name]), byNature('discovery', SPLIT[mesh.name])]
  return [...shared, ...(mesh.name === 'osm' ? osmCases(mesh, outside) : istioCases(outside))]
}

function osmCases(mesh: MeshUnderTest, outside: string): readonly PromiseCase[] {
  // half of the course's: two cores must be able to ask for more
  const limit = policy('rate-limit').replace('requests: 20', 'requests: 10').replace('burst: 10', 'burst: 5')
  const retry = documentsOf('retries', /^kind: Retry$/m)
  const egress = documentsOf('egress', /^kind: Egress$/m)
    .replace('edition.cnn.com', outside)
    .replace('number: 80', 'number: 14001')
  const breakers = ['bookstore-v1', 'bookstore-v2'].map(name =>
    policy('circuit-breaking')
      .replace('name: bookstore\n', `name: ${name}\n`)
      .replace('host: bookstore.', `host: ${name}.`)
  )
  return [
    {
      ...object('retries', retry),
      expected: both(SPLIT.osm, policy('retries')),
      async declare() {
        await mesh.setConfig({ featureFlags: { enableRetryPolicy: true } })
        await apply(retry)
      }
    },
    { ...object('rate-limit', limit), expected: both(SPLIT.osm, limit) },
    { ...object('circuit-breaking', breakers.join('\n---\n')), expected: both(SPLIT.osm, ...breakers) },
    {
      ...object('egress', egress),
      expected: both(
        SPLIT.osm,
        policy('egress').replace('edition.cnn.com', outside).replace('number: 80', 'number: 14001')
      ),
      async declare() {
        await mesh.setConfig({ traffic: { enableEgress: false } })
        await apply(egress)
      }
    }
  ]
}

/** Fields of the chart's own VirtualService and DestinationRule; a second object for their host would not count. */
function istioCases(outside: string): readonly PromiseCase[] {
  const routed = (name: PromiseName, extra: object): PromiseCase => ({
    name,
    expected: both(manifest(route(extra)), manifest(SUBSETS)),
    declare: () => patch('virtualservice', 'bookstore', 'bookstore', { spec: route(extra).spec }),
    remove: () => patch('virtualservice', 'bookstore', 'bookstore', { spec: route({}).spec })
  })
  const pooled = (name: PromiseName, trafficPolicy: object): PromiseCase => ({
    name,
    expected: both(manifest(route({})), manifest({ ...SUBSETS, spec: { ...SUBSETS.spec, trafficPolicy } })),
    declare: () => patch('destinationrule', 'bookstore', 'bookstore', { spec: { trafficPolicy } }),
    remove: () => patch('destinationrule', 'bookstore', 'bookstore', { spec: { trafficPolicy: null } })
  })
  const limit = policy('istio/rate-limit')
    .replace('max_tokens: 30', 'max_tokens: 15')
    .replace('tokens_per_fill: 20', 'tokens_per_fill: 10')
  const sidecar = documentsOf('istio/egress', /^kind: Sidecar$/m)
  const entry = documentsOf('istio/egress', /^kind: ServiceEntry$/m)
    .replace('edition.cnn.com', outside)
    .replace('number: 80', 'number: 14001')
  return [
    routed('retries', { retries: { attempts: 3, perTryTimeout: '1s', retryOn: '5xx' } }),
    routed('timeouts', { timeout: '500ms', retries: { attempts: 0 } }),
    { ...object('rate-limit', limit), expected: both(SPLIT.istio, limit) },
    pooled('circuit-breaking', {
      connectionPool: { tcp: { maxConnections: 4 }, http: { http1MaxPendingRequests: 1, http2MaxRequests: 4 } }
    }),
    pooled('ejection', {
      outlierDetection: {
        consecutive5xxErrors: 5,
        interval: '1s',
        baseEjectionTime: '20s',
        maxEjectionPercent: 50
      }
    }),
    {
      ...object('egress', entry),
      expected: both(SPLIT.istio, sidecar, entry),
      declare: () => apply(both(sidecar, entry))
    }
  ]
}

const HOST = 'bookstore.bookstore.svc.cluster.local'
const META = { name: 'bookstore', namespace: 'bookstore' }
const SUBSETS = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: META,
  spec: { host: HOST, subsets: ['v1', 'v2'].map(version => ({ name: version, labels: { version } })) }
}
const SPLIT = {
  osm: policy('split-50-50'),
  istio: both(manifest(route({})), manifest(SUBSETS))
}

function route(extra: object) {
  const shares = ['v1', 'v2'].map(subset => ({ destination: { host: HOST, subset }, weight: 50 }))
  const spec = { hosts: [HOST], http: [{ name: 'split', route: shares, ...extra }] }
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: META, spec }
}

/** A case whose policy is an object of its own. */
function object(name: PromiseName, text: string): PromiseCase {
  return {
    name,
    expected: text,
    declare: () => apply(text),
    remove: async () => {
      await tryRun('kubectl', ['delete', '--wait=true', '-f', '-'], { input: text })
    }
  }
}

async function apply(input: string): Promise<void> {
  await run('kubectl', ['apply', '-f', '-'], { input })
}

/** JSON is YAML. */
function manifest(value: object): string {
  return JSON.stringify(value)
}

function both(...texts: readonly string[]): string {
  return texts.join('\n---\n')
}

function policy(name: string): string {
  return readFileSync(new URL(`../../deploy/policies/${name}.yaml`, import.meta.url), 'utf8')
}

/** The documents of a policy file that the pattern matches. */
function documentsOf(name: string, pattern: RegExp): string {
  return both(
    ...policy(name)
      .split(/^---$/m)
      .filter(text => pattern.test(text))
  )
}
