import { describe, expect, onTestFinished, test } from 'vitest'
import { type FakeKubernetesApi, startFakeKubernetesApi } from '../test-support/fake-kubernetes-api.ts'
import { type ClusterState, watchClusterPolicies } from './watch-cluster-policies.ts'

const SPLITS = '/apis/split.smi-spec.io/v1alpha2/namespaces/bookstore/trafficsplits'
const TARGETS = '/apis/access.smi-spec.io/v1alpha3/namespaces/bookstore/traffictargets'
const MESH_CONFIGS = '/apis/config.openservicemesh.io/v1alpha2/namespaces/osm-system/meshconfigs'

describe('a cluster with OSM', () => {
  test('gives the policies it holds, and names the kinds it does not serve', async () => {
    const { api, watch } = await cluster()
    api.put(SPLITS, split('50', '50'))
    const { state, seen } = watch()
    await seen(({ syncedAt }) => syncedAt !== null)
    expect(weights(state())).toEqual(['bookstore-v1=50', 'bookstore-v2=50'])
    expect(state()).toMatchObject({ problems: [], isComplete: true, lastChange: null })
    expect(state().absentKinds).toContain('VirtualService')
    expect(state().absentKinds).not.toContain('TrafficSplit')
  })

  test('tells of a changed, an added and a removed object', async () => {
    const { api, watch } = await cluster()
    api.put(SPLITS, split('50', '50'))
    const { state, seen, following } = watch()
    await following(api)
    api.put(SPLITS, split('90', '10'))
    await seen(now => weights(now).includes('bookstore-v1=90'))
    expect(state().lastChange?.text).toBe('TrafficSplit bookstore/bookstore-split was changed')
    api.put(TARGETS, target)
    await seen(({ policies }) => policies.trafficTargets.length === 1)
    expect(state().lastChange?.text).toBe('TrafficTarget bookstore/bookstore was added')
    api.remove(SPLITS, 'bookstore-split')
    await seen(({ policies }) => policies.splits.length === 0)
    expect(state().lastChange?.text).toBe('TrafficSplit bookstore/bookstore-split was removed')
  })

  test('reads OSM’s permissive mode where it was told to look', async () => {
    const { api, watch } = await cluster()
    const meshConfig = (isPermissive: boolean) => ({
      metadata: { name: 'osm-mesh-config' },
      spec: { traffic: { enablePermissiveTrafficPolicyMode: isPermissive } }
    })
    api.put(MESH_CONFIGS, meshConfig(true))
    const { seen, following } = watch({ meshConfigRefs: [{ namespace: 'osm-system' }] })
    await seen(({ policies }) => policies.meshConfig?.permissive === true)
    await following(api)
    api.put(MESH_CONFIGS, meshConfig(false))
    await seen(({ policies }) => policies.meshConfig?.permissive === false)
    expect(api.requests).toContainEqual(expect.stringContaining('fieldSelector=metadata.name%3Dosm-mesh-config'))
  })

  test('says which object was not understood, and reads the others', async () => {
    const { api, watch } = await cluster()
    api.put(SPLITS, split('-1', '50'))
    api.put(TARGETS, target)
    const { state, seen } = watch()
    await seen(({ syncedAt }) => syncedAt !== null)
    expect(state().isComplete).toBe(false)
    expect(state().problems.join()).toMatch(/weight/)
    expect(state().policies.trafficTargets).toHaveLength(1)
  })
})

describe('what goes wrong', () => {
  test('a missing right is said once, does not disturb the others, and is noticed when granted', async () => {
    const { api, watch } = await cluster()
    api.put(SPLITS, split('50', '50'))
    api.put(TARGETS, target)
    api.forbid('traffictargets')
    const { state, seen, problems } = watch()
    await seen(({ problems }) => problems.length > 0)
    expect(state().problems).toEqual([
      'this account may not read some policies (list, watch): TrafficTarget in bookstore'
    ])
    await seen(now => weights(now).length === 2)
    api.permit('traffictargets')
    await seen(({ policies }) => policies.trafficTargets.length === 1)
    expect(state().problems).toEqual([])
    expect(problems).toHaveLength(1)
  })

  test('a kind that is served only later is found', async () => {
    const { api, watch } = await cluster()
    const { seen } = watch()
    await seen(({ absentKinds }) => absentKinds.includes('HTTPRoute'))
    api.serve('gateway.networking.k8s.io', 'v1', 'httproutes')
    await seen(({ absentKinds }) => !absentKinds.includes('HTTPRoute'))
  })

  test.each(['in order', 'cut'] as const)('a watch that ends (%s) goes on', async how => {
    const { api, watch } = await cluster()
    const { seen, following } = watch()
    await following(api)
    api.endWatches(how)
    api.put(SPLITS, split('1', '3'))
    await following(api)
    api.put(SPLITS, split('2', '3'))
    await seen(now => weights(now).includes('bookstore-v1=2'))
  })

  test.each(['status', 'event'] as const)('a forgotten version (410 by %s) is listed again', async how => {
    const { api, watch } = await cluster()
    const { seen, following } = watch()
    await following(api)
    api.put(SPLITS, split('1', '1'))
    await seen(now => weights(now).length === 2)
    api.expire(how)
    api.endWatches('in order')
    await following(api)
    api.put(SPLITS, split('7', '3'))
    await seen(now => weights(now).includes('bookstore-v1=7'))
  })

  test('an API that is away keeps the last state, is said, and is found again', async () => {
    const { api, watch } = await cluster()
    api.put(SPLITS, split('50', '50'))
    const { state, seen, following } = watch()
    await following(api)
    await api.setReachable(false)
    await seen(({ problems }) => problems.length > 0)
    expect(state().problems.join()).toMatch(/the Kubernetes API does not answer .*last state/)
    expect(weights(state())).toHaveLength(2)
    await api.setReachable(true)
    await seen(({ problems }) => problems.length === 0)
  })

  test('no cluster at all is said, and nothing is thrown', async () => {
    const { watch } = await cluster()
    const { state, stopped } = watch({ kubeconfig: '{}' })
    await stopped
    expect(state().problems).toEqual([
      "the cluster's policies cannot be read: this is not a pod of a Kubernetes cluster"
    ])
  })
})

test('after the signal nothing is asked and nothing is told any more', async () => {
  const { api, watch } = await cluster()
  const { stop, stopped, following, changes } = watch()
  await following(api)
  stop()
  await stopped
  await api.catchUp()
  const told = changes()
  const asked = api.requests.length
  api.put(SPLITS, split('1', '1'))
  await expect.poll(() => api.watchCount()).toBe(0)
  expect(changes()).toBe(told)
  expect(api.requests).toHaveLength(asked)
})

async function cluster() {
  const api = await startFakeKubernetesApi()
  const controller = new AbortController()
  const running: Promise<void>[] = []
  onTestFinished(async () => {
    controller.abort()
    await Promise.all(running)
    await api.close()
  })
  api.serve('split.smi-spec.io', 'v1alpha2', 'trafficsplits')
  api.serve('access.smi-spec.io', 'v1alpha3', 'traffictargets')
  api.serve('config.openservicemesh.io', 'v1alpha2', 'meshconfigs')
  const watch = (more: Partial<Parameters<typeof watchClusterPolicies>[0]> = {}) => {
    const problems: string[] = []
    let changes = 0
    const policies = watchClusterPolicies({
      kubeconfig: api.kubeconfig,
      namespaces: ['bookstore'],
      onChange: () => changes++,
      onProblem: problem => problems.push(problem),
      signal: controller.signal,
      retryMs: 10,
      slowRetryMs: 50,
      ...more
    })
    running.push(policies.stopped)
    const followed = 2 + (more.meshConfigRefs?.length ?? 0)
    return {
      ...policies,
      problems,
      changes: () => changes,
      stop: () => controller.abort(),
      seen: (isSo: (state: ClusterState) => boolean) => expect.poll(() => isSo(policies.state())).toBe(true),
      following: (one: FakeKubernetesApi) => expect.poll(() => one.watchCount()).toBe(followed)
    }
  }
  return { api, watch }
}

function split(v1: string, v2: string) {
  const backends = [
    { service: 'bookstore-v1', weight: v1 },
    { service: 'bookstore-v2', weight: v2 }
  ]
  return { metadata: { name: 'bookstore-split' }, spec: { service: 'bookstore', backends } }
}

const target = {
  metadata: { name: 'bookstore' },
  spec: {
    destination: { kind: 'ServiceAccount', name: 'bookstore', namespace: 'bookstore' },
    sources: [{ kind: 'ServiceAccount', name: 'bookbuyer', namespace: 'bookbuyer' }],
    rules: [{ kind: 'HTTPRouteGroup', name: 'bookstore-service-routes' }]
  }
}

function weights({ policies }: ClusterState): string[] {
  return policies.splits.flatMap(({ rules }) =>
    rules.flatMap(({ backends }) => backends.map(b => `${b.service.name}=${b.written}`))
  )
}
