import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { wholeNumbersOf } from '@bookstore/contract'
import { waitFor } from '@bookstore/testing'
import { kubectl, run, tryRun } from '../mesh/command.ts'
import { readTrialSet, type TrialImages, type TrialSet } from './manifests.ts'
import { describeWrong, sendFrom, type Trial, trialsOf, wrongOf } from './requests.ts'

/** Where the sets are. */
export const SETS = new URL('../../packages/policy/test-support/smi-sets/', import.meta.url)

const cli = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
const OUTSIDE = 'smi-sets-outside'

/** Has Istio enforce a translated set, and says what was seen. @throws Error that names what ended otherwise */
export async function enforce(
  name: string,
  { revision, folder, ...images }: TrialImages & { readonly revision: string; readonly folder: string }
): Promise<string> {
  const file = new URL(name, SETS)
  const set = readTrialSet(await readFile(file, 'utf8'), images)
  try {
    for (const namespace of [...set.namespaces, OUTSIDE]) await kubectl('create', 'namespace', namespace)
    for (const namespace of set.namespaces) await kubectl('label', 'namespace', namespace, `istio.io/rev=${revision}`)
    const said = await translate(fileURLToPath(file), folder)
    await kubectl('apply', '--dry-run=server', '-f', folder)
    await applyAll(set.objects)
    for (const { namespace, name } of set.mesh.topology.workloads) {
      await kubectl('-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout', '3m')
    }
    await kubectl('apply', '-f', folder)
    const seen = [said, await access(set), ...(await splits(set)), ...(await ingress(set, images))]
    return seen.filter(Boolean).join('; ')
  } finally {
    await tryRun('kubectl', [
      'delete',
      'namespace',
      ...set.namespaces,
      OUTSIDE,
      '--ignore-not-found',
      '--timeout',
      '2m'
    ])
  }
}

async function translate(file: string, folder: string): Promise<string> {
  const { code, stderr } = await tryRun(process.execPath, [cli, 'translate', '-f', file, '-o', folder])
  if (code !== 0) throw new Error(stderr)
  return stderr.trim().split('\n').at(-1)?.replace(/;.*/, '') ?? ''
}

async function applyAll(items: readonly object[]): Promise<void> {
  await run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) })
}

// policies take up to some seconds to reach the proxies: what is wrong at first is tried again
async function access(set: TrialSet): Promise<string> {
  const trials = trialsOf(set)
  if (trials.length === 0) return ''
  let wrong = await wrongOf(trials)
  const deadline = performance.now() + 60_000
  while (wrong.length > 0 && performance.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, 2_000))
    wrong = await wrongOf(wrong as readonly Trial[])
  }
  assert.equal(wrong.length, 0, wrong.map(describeWrong).join('\n'))
  const allowed = trials.filter(trial => trial.allowed).length
  return `${allowed} requests allowed and ${trials.length - allowed} denied, as the set says`
}

/** Each split judged by `bookstore verify` in a pod of a workload that is no backend; by hand where access asks for more. */
async function splits({ mesh, addressOf }: TrialSet): Promise<readonly string[]> {
  const all = mesh.policies.splits.filter(({ ref }) => ref.kind === 'TrafficSplit')
  return Promise.all(
    all.map(async ({ roots, rules }) => {
      const backends = rules.flatMap(rule => rule.backends)
      const [root] = roots
      const servers = backends.map(({ service }) => mesh.topology.workloads.find(({ name }) => name === service.name))
      const client = mesh.topology.workloads.find(workload => !servers.includes(workload))
      const [server] = servers
      const port = server && addressOf(server)?.port
      if (root === undefined || client === undefined || port === undefined)
        throw new Error('expected a client and servers')
      const weights = wholeNumbersOf(backends.map(({ weight }) => weight))
      const expect = backends.map(({ service }, at) => `${service.name}=${weights[at]}`).join(',')
      const origin = `http://${root.name}.${root.namespace}.svc.cluster.local:${port}`
      if (mesh.policies.trafficTargets.length > 0) return countByHand(client, origin, expect)
      const args = ['verify', '--url', `${origin}/books-bought`, '--version-header', 'identity', '--expect', expect]
      const target = ['-n', client.namespace, 'exec', `deployment/${client.name}`, '-c', 'server', '--']
      const { code, stdout, stderr } = await tryRun('kubectl', [
        ...target,
        '/bookstore-cli',
        ...args,
        '--timeout',
        '2m'
      ])
      assert.equal(code, 0, `${stdout}${stderr}`)
      return stdout.split('\n')[0] ?? ''
    })
  )
}

async function countByHand(client: Trial['source'], origin: string, expect: string): Promise<string> {
  const command = `curl -s -m 5 -o /dev/null -w '%header{identity}\\n' ${origin}/buy`
  const names = await sendFrom(
    client,
    Array.from({ length: 300 }, () => command)
  )
  const shares = expect.split(',').map(part => part.split('='))
  const total = shares.reduce((sum, [, weight]) => sum + Number(weight), 0)
  const seen = shares.map(([name = '', weight]) => {
    const share = names.filter(met => met === name).length / names.length
    // 4 standard deviations of a fair count of 300 are 12 points
    assert.ok(
      Math.abs(share - Number(weight) / total) < 0.12,
      `${name} got ${share} of ${names.length}, expected ${expect}`
    )
    return `${name} ${Math.round(share * 100)} %`
  })
  return `${seen.join(', ')} of ${names.length} for ${expect}`
}

/** A caller outside the mesh gets in where an IngressBackend has its address, and nowhere else. */
async function ingress({ mesh, addressOf }: TrialSet, { clientImage }: TrialImages): Promise<readonly string[]> {
  const { ingressBackends } = mesh.policies
  if (ingressBackends.length === 0) return []
  const metadata = { name: 'caller', namespace: OUTSIDE }
  const container = {
    name: 'client',
    image: clientImage,
    imagePullPolicy: 'IfNotPresent',
    command: ['/bin/sh', '-c', 'sleep 3600']
  }
  await applyAll([
    { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [container], terminationGracePeriodSeconds: 1 } }
  ])
  await kubectl('-n', OUTSIDE, 'wait', '--for=condition=Ready', 'pod/caller', '--timeout', '60s')
  return Promise.all(
    ingressBackends.flatMap(({ ref, backends, sources }) =>
      backends.map(async ({ name }) => {
        const server = mesh.topology.workloads.find(
          workload => workload.name === name && workload.namespace === ref.namespace
        )
        const address = server && addressOf(server)
        if (address === undefined) throw new Error(`expected a server behind ${name}`)
        // the pods of the lab's one node have addresses of 10.244.0.0/24
        const isOpen = sources.some(({ kind, name }) => kind === 'IPRange' && name === '10.244.0.0/24')
        const url = `http://${address.host}:${address.port}/books-bought`
        const ask = [
          '-n',
          OUTSIDE,
          'exec',
          'caller',
          '--',
          'curl',
          '-s',
          '-m',
          '5',
          '-o',
          '/dev/null',
          '-w',
          '%header{identity}',
          url
        ]
        await waitFor(async () => ((await tryRun('kubectl', ask)).stdout !== '') === isOpen, {
          timeoutMs: 30_000,
          intervalMs: 1_000,
          what: `${name} to be ${isOpen ? 'open to' : 'closed for'} a caller outside the mesh`
        })
        return `${name} ${isOpen ? 'takes' : 'refuses'} a caller outside the mesh`
      })
    )
  )
}
