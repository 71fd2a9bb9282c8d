import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type PromiseName, type PromiseResult, promiseTitle } from '@bookstore/contract'
import { tempDir, waitFor } from '@bookstore/testing'
import { kubectl, tryRun } from './command.ts'
import type { MeshUnderTest } from './meshes.ts'
import { FOLLOW_MS, mutualTls, OUTSIDE, told } from './outside.ts'
import { openPage, type Page } from './page.ts'
import { type PromiseCase, promiseCases } from './promise-cases.ts'
import type { Release } from './release.ts'
import type { Report } from './report.ts'
import { stayingPods, untilAccess } from './shop.ts'

const cli = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))

export interface PromisesOptions {
  readonly mesh: MeshUnderTest
  readonly release: Release
  readonly report: Report
  readonly buyer: Page
  readonly image: string
}

/** Every promise that the mesh knows: kept while its policy is there, broken once it was taken away behind the release. */
export async function promises(options: PromisesOptions): Promise<void> {
  const { mesh, report } = options
  await kubectl('create', 'namespace', OUTSIDE)
  try {
    const [allowed = '', refused = ''] = await Promise.all(
      ['allowed', 'refused'].map(name => serve(name, options.image))
    )
    await report.step('two pods of each store that misbehave on demand', () => prepare(options, [allowed, refused]))
    const stores = await openStores()
    try {
      for (const one of promiseCases(mesh, allowed)) await provePromise(options, stores, one)
    } finally {
      for (const store of stores) store.close()
    }
    await mesh.setConfig({ traffic: { enableEgress: true }, featureFlags: { enableRetryPolicy: false } })
    await mutualTls(options)
  } finally {
    await kubectl('delete', 'namespace', OUTSIDE)
  }
}

async function prepare({ mesh, release, buyer }: PromisesOptions, hosts: readonly string[]): Promise<string> {
  await mesh.setPermissive(true)
  await release.upgrade({
    access: 'permissive',
    'bookstore.faults': 'true',
    'bookstore.replicas.v1': '2',
    'bookstore.replicas.v2': '2',
    'bookbuyer.env.ENABLE_EGRESS': 'true',
    'bookbuyer.env.EGRESS_URLS': hosts.map(host => `http://${host}:14001/`).join(' ')
  })
  // an earlier step has left another one behind the release
  await mesh.setSplit(50, 50)
  for (const name of ['bookstore-v1', 'bookstore-v2']) {
    await kubectl('-n', 'bookstore', 'rollout', 'status', `deployment/${name}`)
  }
  return untilAccess(buyer, 'bought')
}

async function provePromise(
  { report, buyer }: PromisesOptions,
  stores: readonly Page[],
  { name, expected, declare, remove }: PromiseCase
): Promise<void> {
  await report.step(`${promiseTitle(name)} is kept`, async () => {
    await declare()
    await untilTold(buyer, name)
    const { code, result } = await prove(buyer, stores, name)
    assert.equal(code, 0, told(result))
    return told(result)
  })
  if (remove === null) return
  await report.step(`${promiseTitle(name)} is not kept once its policy is taken away behind the release`, async () => {
    await remove()
    await new Promise(resolve => setTimeout(resolve, FOLLOW_MS))
    const { code, result } = await prove(buyer, stores, name, expected)
    assert.equal(code, 1, told(result))
    return told(result)
  })
}

/** Waits until the buyer tells that the promise is declared, and then until proxies follow too. */
async function untilTold(buyer: Page, name: PromiseName): Promise<void> {
  await waitFor(
    async () => {
      const { promises: all } = (await buyer.json('/api/promises')) as {
        readonly promises: readonly { readonly name: string; readonly declaredBy: string }[]
      }
      return all.some(promise => promise.name === name && promise.declaredBy !== '')
    },
    { intervalMs: 500, what: `${name} to be told as declared` }
  )
  await new Promise(resolve => setTimeout(resolve, FOLLOW_MS))
}

async function prove(
  buyer: Page,
  stores: readonly Page[],
  name: PromiseName,
  expected?: string
): Promise<{ readonly code: number; readonly result: PromiseResult }> {
  await using dir = await tempDir()
  const file = dir.join('expected.yaml')
  if (expected !== undefined) await writeFile(file, expected)
  const places = (await Promise.all(stores.map(store => store.url()))).flatMap(url => ['--store', url])
  const judged = expected === undefined ? [] : ['-f', file]
  const args = [cli, 'prove', '--url', await buyer.url(), '--only', name, '-o', 'json', ...places, ...judged]
  const { code, stdout, stderr } = await tryRun(process.execPath, args)
  assert.ok(stdout.startsWith('{'), stderr)
  const { results, reason } = JSON.parse(stdout) as {
    readonly results: readonly PromiseResult[]
    readonly reason?: string
  }
  const [result] = results
  assert.ok(result, reason ?? stderr)
  return { code, result }
}

/** A forward to each pod of a store: past its sidecar, so that no promise comes between. */
async function openStores(): Promise<readonly Page[]> {
  const pods = await stayingPods('app=bookstore')
  return pods.map(({ namespace, name }) => openPage(namespace, name, `pod/${name}`))
}

/** Starts a server outside the mesh; gives the name by which it is found, which is no Service's. */
async function serve(name: string, image: string): Promise<string> {
  const runs = ['run', name, '-n', OUTSIDE, '--image', image, '--image-pull-policy=IfNotPresent']
  await kubectl(...runs, '--command', '--', '/bookstore')
  await kubectl('wait', '-n', OUTSIDE, '--for=condition=Ready', `pod/${name}`, '--timeout=120s')
  const ip = await kubectl('get', 'pod', name, '-n', OUTSIDE, '-o', 'jsonpath={.status.podIP}')
  return `${ip.trim().replaceAll('.', '-')}.${OUTSIDE}.pod.cluster.local`
}
