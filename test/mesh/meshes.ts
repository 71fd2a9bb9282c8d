import { findProgram } from '@bookstore/testing'
import { parse, stringify } from 'yaml'
import { kubectl, kubectlJson, run, tryRun } from './command.ts'
import { NAMESPACES } from './shop.ts'

/** What differs between the meshes that the course is tried on. */
export interface MeshUnderTest {
  readonly name: 'osm' | 'istio'
  readonly version: string
  /** What the chart has to be told. */
  readonly settings: Readonly<Record<string, string>>
  /** Whether access by permissive mode is the mesh's own switch, not the chart's. */
  setPermissive(isPermissive: boolean): Promise<void>
  /** Makes the namespace and enrols it. */
  enrol(namespace: string): Promise<void>
  /** Changes the MeshConfig of OSM; nothing elsewhere. */
  setConfig(spec: object): Promise<void>
  /** Changes the split behind Helm's back, as a person with kubectl does. */
  setSplit(v1: number, v2: number): Promise<void>
  /** The headers by which the spans of the mesh's proxies and of the programs find together (OTEL_PROPAGATORS). */
  readonly propagators: string
  /** Has the proxies send their spans to this collector; null ends it. */
  traceTo(collector: string | null): Promise<void>
}

/** Finds the mesh in the cluster. @throws RangeError that says what is missing */
export async function findMesh(name: string): Promise<MeshUnderTest> {
  await requireCluster()
  if (name === 'osm') return findOsm()
  if (name === 'istio') return findIstio()
  throw new RangeError(`MESH: expected osm or istio, got "${name}"`)
}

async function requireCluster(): Promise<void> {
  for (const program of ['kubectl', 'helm']) {
    if (findProgram(program) === undefined) throw new RangeError(`${program} is needed and is not in PATH`)
  }
  const { code, stderr } = await tryRun('kubectl', ['version', '--request-timeout=10s'])
  if (code !== 0) throw new RangeError(`no cluster answers (KUBECONFIG): ${stderr.trim().split('\n').at(-1)}`)
}

async function findAll(mesh: string, ...args: string[]): Promise<readonly Named[]> {
  const { code, stdout, stderr } = await tryRun('kubectl', ['get', ...args, '-A', '-o', 'json'])
  if (code === 0) return (JSON.parse(stdout) as List<Named>).items
  throw new RangeError(`expected ${mesh} in the cluster: ${stderr.trim()}`)
}

interface List<T> {
  readonly items: readonly T[]
}

interface Named {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly labels?: Readonly<Record<string, string>>
  }
}

async function findOsm(): Promise<MeshUnderTest> {
  const [config] = await findAll('OSM', 'meshconfigs')
  if (config === undefined) throw new RangeError('expected OSM in the cluster, got no MeshConfig')
  const { namespace } = config.metadata
  const setConfig = (spec: object) => patch('meshconfig', 'osm-mesh-config', namespace, { spec })
  return {
    name: 'osm',
    version: `OSM ${await imageTagOf(namespace, 'osm-controller')}`,
    settings: { mesh: 'osm', 'osm.meshConfigNamespace': namespace },
    setPermissive: isPermissive => setConfig({ traffic: { enablePermissiveTrafficPolicyMode: isPermissive } }),
    setConfig,
    enrol: own =>
      applyNamespace(own, {
        labels: { 'openservicemesh.io/monitored-by': 'osm' },
        annotations: { 'openservicemesh.io/sidecar-injection': 'enabled' }
      }),
    async setSplit(v1, v2) {
      const backends = [
        { service: 'bookstore-v1', weight: v1 },
        { service: 'bookstore-v2', weight: v2 }
      ]
      await patch('trafficsplit', 'bookstore-split', 'bookstore', { spec: { backends } })
    },
    // OSM's Envoy writes Zipkin's headers alone
    propagators: 'b3multi',
    traceTo: collector =>
      setConfig({
        observability: {
          tracing: { enable: collector !== null, address: collector ?? '', port: 9411, endpoint: '/api/v2/spans' }
        }
      })
  }
}

async function findIstio(): Promise<MeshUnderTest> {
  const [istiod] = await findAll('Istio', 'deploy', '-l', 'app=istiod')
  if (istiod === undefined) throw new RangeError('expected Istio in the cluster, got no istiod')
  const { name, namespace, labels = {} } = istiod.metadata
  const revision = labels['istio.io/rev'] ?? 'default'
  return {
    name: 'istio',
    version: `Istio ${await imageTagOf(namespace, name)}, revision ${revision}`,
    settings: { mesh: 'istio', 'istio.revision': revision },
    setPermissive: async () => undefined,
    setConfig: async () => undefined,
    enrol: own => applyNamespace(own, { labels: { 'istio.io/rev': revision } }),
    setSplit: setIstioSplit,
    propagators: 'tracecontext,baggage',
    traceTo: collector => traceIstioTo(collector, namespace, revision)
  }
}

/** By the VirtualService, or by the HTTPRoute where the chart was told to use the Gateway API. */
async function setIstioSplit(v1: number, v2: number): Promise<void> {
  const { code } = await tryRun('kubectl', ['get', 'httproute', 'bookstore', '-n', 'bookstore'])
  if (code === 0) {
    const backendRefs = [
      { name: 'bookstore-v1', port: 14001, weight: v1 },
      { name: 'bookstore-v2', port: 14001, weight: v2 }
    ]
    await patch('httproute', 'bookstore', 'bookstore', { spec: { rules: [{ backendRefs }] } })
    return
  }
  const host = 'bookstore.bookstore.svc.cluster.local'
  const route = [
    { destination: { host, subset: 'v1' }, weight: v1 },
    { destination: { host, subset: 'v2' }, weight: v2 }
  ]
  const http = [{ name: 'split', route }]
  await patch('virtualservice', 'bookstore', 'bookstore', { spec: { http } })
}

const TRACING = 'bookstore-tracing'

/** By a provider of the mesh's configuration, which a Telemetry of each namespace chooses. */
async function traceIstioTo(collector: string | null, namespace: string, revision: string): Promise<void> {
  const name = revision === 'default' ? 'istio' : `istio-${revision}`
  const { data } = await kubectlJson<{ readonly data: { readonly mesh: string } }>('get', 'cm', name, '-n', namespace)
  const config = parse(data.mesh) as { readonly extensionProviders?: readonly { readonly name: string }[] }
  const others = (config.extensionProviders ?? []).filter(provider => provider.name !== TRACING)
  const ours = collector === null ? [] : [{ name: TRACING, opentelemetry: { service: collector, port: 4317 } }]
  await patch('configmap', name, namespace, {
    data: { mesh: stringify({ ...config, extensionProviders: [...others, ...ours] }) }
  })
  for (const own of NAMESPACES) {
    if (collector === null) {
      await kubectl('delete', 'telemetry', TRACING, '-n', own, '--ignore-not-found')
      continue
    }
    const object = {
      apiVersion: 'telemetry.istio.io/v1',
      kind: 'Telemetry',
      metadata: { name: TRACING, namespace: own },
      spec: { tracing: [{ providers: [{ name: TRACING }], randomSamplingPercentage: 100 }] }
    }
    await run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(object) })
  }
}

async function applyNamespace(name: string, metadata: object): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...metadata } }
  await run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(namespace) })
}

/** Merges the body into an object of the cluster. */
export async function patch(kind: string, name: string, namespace: string, body: object): Promise<void> {
  await kubectl('patch', kind, name, '-n', namespace, '--type', 'merge', '-p', JSON.stringify(body))
}

async function imageTagOf(namespace: string, deployment: string): Promise<string> {
  const path = 'jsonpath={.spec.template.spec.containers[0].image}'
  const { stdout } = await tryRun('kubectl', ['get', 'deploy', '-n', namespace, deployment, '-o', path])
  return stdout.split(':').at(-1) || 'of an unknown version'
}
