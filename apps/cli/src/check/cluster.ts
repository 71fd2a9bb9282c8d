import { type Finding, finding } from './finding.ts'
import type { RunProgram } from './run-program.ts'

const SECTION = 'cluster'
const PAGE = 'troubleshooting.md#'

const MESHES = [
  { name: 'Open Service Mesh', crd: 'meshconfigs.config.openservicemesh.io', kind: 'trafficsplits.split.smi-spec.io' },
  { name: 'Istio', crd: 'virtualservices.networking.istio.io', kind: 'virtualservices.networking.istio.io' },
  { name: 'Linkerd', crd: 'servers.policy.linkerd.io', kind: 'httproutes.gateway.networking.k8s.io' }
] as const

/** What an installation needs: a cluster that answers, a mesh, and the rights. */
export async function checkBeforeInstall(run: RunProgram, isWanted: boolean): Promise<readonly Finding[]> {
  const reached = await checkReached(run, isWanted)
  if (reached.status !== 'ok') return [reached]
  const meshes = await Promise.all(
    MESHES.map(async mesh => ({ ...mesh, isThere: (await run('kubectl', ['get', 'crd', mesh.crd])).code === 0 }))
  )
  const found = meshes.filter(({ isThere }) => isThere)
  const kinds = ['namespaces', 'deployments.apps', ...found.map(({ kind }) => kind)]
  const rights = await Promise.all(kinds.map(kind => checkRight(run, kind)))
  return [reached, meshFinding(found.map(({ name }) => name)), ...rights]
}

async function checkReached(run: RunProgram, isWanted: boolean): Promise<Finding> {
  const name = 'kubectl reaches a cluster'
  const { code, stderr } = await run('kubectl', ['version', '--request-timeout=5s'])
  if (code === 0) return finding(SECTION, name)
  const hint = isWanted ? lastLine(stderr) : `${lastLine(stderr)}\nneeded on a cluster only; npm start does without`
  return finding(SECTION, name, { hint, page: `${PAGE}no-cluster-answers`, isWarning: !isWanted })
}

function meshFinding(names: readonly string[]): Finding {
  if (names.length > 0) return finding(SECTION, `a mesh is installed: ${names.join(', ')}`)
  const hint = 'no OSM, Istio or Linkerd was found; the chart then wants --set mesh=none'
  return finding(SECTION, 'a mesh is installed', { hint, page: `${PAGE}no-mesh-in-the-cluster`, isWarning: true })
}

async function checkRight(run: RunProgram, kind: string): Promise<Finding> {
  const name = `you may create ${kind}`
  const { code } = await run('kubectl', ['auth', 'can-i', 'create', kind, '--all-namespaces'])
  if (code === 0) return finding(SECTION, name)
  const hint = 'ask the administrator of the cluster for this right, or have them install the chart'
  return finding(SECTION, name, { hint, page: `${PAGE}a-right-is-missing` })
}

/** What a release should look like: its pods ready, each with a proxy where the namespace is enrolled. */
export async function checkInstalled(run: RunProgram, namespaces: readonly string[]): Promise<readonly Finding[]> {
  const reached = await checkReached(run, true)
  if (reached.status !== 'ok') return [reached]
  const found = await Promise.all(namespaces.map(namespace => checkNamespace(run, namespace)))
  return [reached, ...found.flat()]
}

interface Pod {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly containers: readonly unknown[]
    readonly initContainers?: readonly { restartPolicy?: string }[]
  }
  readonly status: {
    readonly phase: string
    readonly containerStatuses?: readonly {
      readonly ready: boolean
      readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } }
    }[]
  }
}

async function checkNamespace(run: RunProgram, namespace: string): Promise<readonly Finding[]> {
  const found = await run('kubectl', ['get', 'namespace', namespace, '-o', 'json'])
  if (found.code !== 0) {
    const hint = `${lastLine(found.stderr)}\nhelm install makes it: helm install bookstore charts/bookstore`
    return [finding(SECTION, `namespace ${namespace} is there`, { hint, page: `${PAGE}a-namespace-is-missing` })]
  }
  const { code, stdout, stderr } = await run('kubectl', ['get', 'pods', '-n', namespace, '-o', 'json'])
  if (code !== 0) {
    return [
      finding(SECTION, `pods of ${namespace} can be read`, {
        hint: lastLine(stderr),
        page: `${PAGE}a-right-is-missing`
      })
    ]
  }
  const isEnrolled = /"(openservicemesh\.io\/monitored-by|istio\.io\/rev|istio-injection|linkerd\.io\/inject)"/.test(
    found.stdout
  )
  const { items } = JSON.parse(stdout) as { readonly items: readonly Pod[] }
  const pods = items.filter(({ status }) => status.phase !== 'Succeeded')
  if (pods.length === 0) {
    const hint = 'nothing runs there; look at: helm status bookstore'
    return [finding(SECTION, `pods run in ${namespace}`, { hint, page: `${PAGE}a-namespace-is-missing` })]
  }
  return pods.flatMap(pod => podFindings(namespace, pod, isEnrolled))
}

function podFindings(namespace: string, pod: Pod, isEnrolled: boolean): readonly Finding[] {
  const name = `${namespace}/${pod.metadata.name}`
  const statuses = pod.status.containerStatuses ?? []
  const isReady = statuses.length > 0 && statuses.every(({ ready }) => ready)
  const waiting = statuses.map(({ state }) => state?.waiting).find(Boolean)
  const ready = isReady
    ? finding(SECTION, `${name} is ready`)
    : finding(SECTION, `${name} is ready`, notReady(pod.status.phase, waiting))
  // newer meshes add the proxy as an init container that stays
  const staying = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  const hasProxy = pod.spec.containers.length + staying.length > 1
  if (!isEnrolled) return [ready]
  if (hasProxy) return [ready, finding(SECTION, `${name} has a proxy`)]
  const hint = 'its namespace is enrolled in a mesh, but it has no proxy: restart it with kubectl rollout restart'
  return [ready, finding(SECTION, `${name} has a proxy`, { hint, page: `${PAGE}a-pod-has-no-proxy` })]
}

function notReady(phase: string, waiting: { readonly reason?: string; readonly message?: string } | undefined) {
  const { reason = phase, message = '' } = waiting ?? {}
  const hint = [reason, message].filter(Boolean).join(': ')
  const isImage = /ImagePull|ErrImage/.test(reason)
  return { hint, page: isImage ? `${PAGE}imagepullbackoff` : `${PAGE}a-pod-is-not-ready` }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
