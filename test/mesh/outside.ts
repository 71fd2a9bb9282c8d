import assert from 'node:assert/strict'
import type { PromiseResult } from '@bookstore/contract'
import { waitFor } from '@bookstore/testing'
import { kubectl, run } from './command.ts'
import { type MeshUnderTest, patch } from './meshes.ts'
import type { Report } from './report.ts'

/** A namespace that no mesh knows, with servers to reach and a client to come from. */
export const OUTSIDE = 'bookstore-outside'
/** Until proxies follow a change of policies. */
export const FOLLOW_MS = 10_000

/** A result in one line. */
export function told({ status, declaredBy, seen, reason }: PromiseResult): string {
  return `${status}: ${[declaredBy, seen, reason].filter(Boolean).join('; ')}`
}

/** A client without a sidecar is refused; where the mesh has a switch for it, it is answered once that is thrown. */
export async function mutualTls({
  mesh,
  report,
  image
}: {
  readonly mesh: MeshUnderTest
  readonly report: Report
  readonly image: string
}): Promise<void> {
  await report.step('mutual TLS is kept: a client without a sidecar is refused', async () => {
    const { code, result } = await fromOutside('strict', image)
    assert.equal(code, 0, told(result))
    return told(result)
  })
  // OSM has no switch for it
  if (mesh.name !== 'istio') return
  await report.step('mutual TLS is not kept once the namespace was made permissive', async () => {
    const [name = ''] = (await kubectl('get', 'peerauthentication', '-n', 'bookstore', '-o', 'name')).trim().split('\n')
    const setMode = (mode: string) =>
      patch('peerauthentication', name.split('/').at(-1) ?? '', 'bookstore', { spec: { mtls: { mode } } })
    await setMode('PERMISSIVE')
    await new Promise(resolve => setTimeout(resolve, FOLLOW_MS))
    const { code, result } = await fromOutside('permissive', image)
    await setMode('STRICT')
    assert.equal(code, 1, told(result))
    return told(result)
  })
}

/** Runs `bookstore prove --outside-mesh` in a pod that no mesh knows. */
async function fromOutside(
  name: string,
  image: string
): Promise<{ readonly code: number; readonly result: PromiseResult }> {
  const store = 'http://bookstore-v1.bookstore.svc.cluster.local:14001'
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: OUTSIDE },
    spec: {
      restartPolicy: 'Never',
      containers: [
        {
          name: 'prove',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['/bookstore-cli'],
          args: ['prove', '--outside-mesh', '--store', store, '-o', 'json']
        }
      ]
    }
  }
  await run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(pod) })
  const path = 'jsonpath={.status.containerStatuses[0].state.terminated.exitCode}'
  const code = await waitFor(() => kubectl('get', 'pod', name, '-n', OUTSIDE, '-o', path).then(text => text.trim()), {
    timeoutMs: 120_000,
    intervalMs: 1_000,
    what: `the end of ${name}`
  })
  const { results } = JSON.parse(await kubectl('logs', name, '-n', OUTSIDE)) as {
    readonly results: readonly PromiseResult[]
  }
  const [result] = results
  assert.ok(result, 'expected a result')
  return { code: Number(code), result }
}
