import { waitFor } from '@bookstore/testing'
import { kubectl, run, tryRun } from '../mesh/command.ts'

/** Where the records and the warehouse's stock are kept. */
export interface Claim {
  readonly namespace: string
  readonly name: string
}

const FOLDER = '/tmp/bookstore-migration'
const CLASS = 'bookstore-host'

/** Makes a namespace whose pods get OSM's sidecar. */
export async function enrolInOsm(name: string): Promise<void> {
  await tryRun('kubectl', ['create', 'namespace', name])
  await kubectl('label', 'namespace', name, 'openservicemesh.io/monitored-by=osm', 'istio.io/rev-', '--overwrite')
  await kubectl('annotate', 'namespace', name, 'openservicemesh.io/sidecar-injection=enabled', '--overwrite')
}

/** Takes a namespace from OSM to Istio: its labels, then new pods. */
export async function moveToIstio(name: string, revision: string): Promise<void> {
  const labels = ['openservicemesh.io/monitored-by-', `istio.io/rev=${revision}`]
  await kubectl('label', 'namespace', name, ...labels, '--overwrite')
  await kubectl('annotate', 'namespace', name, 'openservicemesh.io/sidecar-injection-')
  await kubectl('-n', name, 'rollout', 'restart', 'deployment')
  await rolledOut(name)
}

/** Waits until every Deployment of a namespace runs its newest pods. */
export async function rolledOut(namespace: string): Promise<void> {
  const names = (await kubectl('-n', namespace, 'get', 'deployment', '-o', 'name')).split('\n').filter(Boolean)
  for (const name of names) await kubectl('-n', namespace, 'rollout', 'status', name, '--timeout', '5m')
}

/** OSM's permissive mode. */
export async function setPermissive(isPermissive: boolean): Promise<void> {
  const spec = { traffic: { enablePermissiveTrafficPolicyMode: isPermissive } }
  const patch = ['--type', 'merge', '-p', JSON.stringify({ spec })]
  await kubectl('-n', 'osm-system', 'patch', 'meshconfig', 'osm-mesh-config', ...patch)
}

/**
 * Makes the claims. `host`: each with a folder of the one node, empty and writable for everybody, because Kubernetes
 * changes no rights of such a folder.
 */
export async function makeClaims(claims: readonly Claim[], volumes: string, image: string): Promise<void> {
  if (volumes === 'host') await emptyFolders(claims, image)
  for (const claim of claims) {
    const { name, namespace } = claim
    const size = { storage: '200Mi' }
    const accessModes = ['ReadWriteOnce']
    const volume = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        capacity: size,
        accessModes,
        storageClassName: CLASS,
        claimRef: { name, namespace },
        hostPath: { path: `${FOLDER}/${name}`, type: 'Directory' }
      }
    }
    const spec = { accessModes, resources: { requests: size }, ...(volumes === 'host' && { storageClassName: CLASS }) }
    const wanted = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace }, spec }
    for (const object of volumes === 'host' ? [volume, wanted] : [wanted]) await applyObject(object)
  }
}

/** Deletes what `makeClaims` made beside the namespaces. */
export async function dropVolumes(claims: readonly Claim[], volumes: string, image: string): Promise<void> {
  if (volumes !== 'host') return
  await tryRun('kubectl', ['delete', 'persistentvolume', ...claims.map(({ name }) => name), '--wait=false'])
  await emptyFolders([], image)
}

async function applyObject(object: object): Promise<void> {
  await run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(object) })
}

async function emptyFolders(claims: readonly Claim[], image: string): Promise<void> {
  const name = 'bookstore-migration-folders'
  const make = claims.map(claim => `mkdir -p /host/${claim.name} && chmod 0777 /host/${claim.name}`)
  const container = {
    name: 'folders',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['/bin/sh', '-c', ['rm -rf /host/*', ...make].join(' && ')],
    securityContext: { runAsUser: 0 },
    volumeMounts: [{ name: 'host', mountPath: '/host' }]
  }
  const volume = { name: 'host', hostPath: { path: FOLDER, type: 'DirectoryOrCreate' } }
  const spec = { restartPolicy: 'Never', containers: [container], volumes: [volume] }
  await tryRun('kubectl', ['-n', 'default', 'delete', 'pod', name, '--ignore-not-found'])
  await applyObject({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec })
  await waitFor(async () => (await phaseOf(name)) === 'Succeeded', {
    timeoutMs: 60_000,
    intervalMs: 500,
    what: 'the folders of the node'
  })
  await kubectl('-n', 'default', 'delete', 'pod', name)
}

async function phaseOf(pod: string): Promise<string> {
  const phase = await kubectl('-n', 'default', 'get', 'pod', pod, '-o', 'jsonpath={.status.phase}')
  if (phase === 'Failed') throw new Error(await kubectl('-n', 'default', 'logs', pod))
  return phase
}
