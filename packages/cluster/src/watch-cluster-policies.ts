import {
  emptyPolicies,
  formatPolicyError,
  type PolicyKind,
  type PolicySet,
  parsePolicyObjects
} from '@bookstore/policy'
import { describeChange, describeProblems } from './describe.ts'
import { type FollowedObject, type FollowStatus, followKind } from './follow-kind.ts'
import { MESH_CONFIG_KINDS, NAMESPACED_KINDS } from './kinds.ts'
import { connectKubeApi, type KubeApi } from './kube-api.ts'
import { createServedVersions } from './served-versions.ts'

/** What is known of the cluster's policies. */
export interface ClusterState {
  readonly policies: PolicySet
  /**
   * False while objects were not understood (problems name them): what the policies deny is then not to be relied on.
   */
  readonly isComplete: boolean
  /**
   * Missing rights, an unreachable API, objects that were not understood: a line each. The last state that was read
   * stays.
   */
  readonly problems: readonly string[]
  /** Kinds that the cluster does not serve: the meshes that are not installed. */
  readonly absentKinds: readonly string[]
  /** When everything that can be read had been read, as an ISO date; null before. */
  readonly syncedAt: string | null
  readonly lastChange: { readonly at: string; readonly text: string } | null
}

export interface ClusterWatchOptions {
  /** Text of a kubeconfig; without it the pod's own account is used. */
  readonly kubeconfig?: string
  readonly namespaces: readonly string[]
  /** Where OSM's MeshConfig may live; without any it is not read. */
  readonly meshConfigRefs?: readonly { readonly namespace: string; readonly name?: string }[]
  readonly onChange: (state: ClusterState) => void
  /** Told once for each new problem. */
  readonly onProblem?: (problem: string) => void
  readonly signal: AbortSignal
  readonly retryMs?: number
  readonly slowRetryMs?: number
  readonly now?: () => Date
  readonly connect?: () => Promise<KubeApi>
}

export interface ClusterPolicies {
  state(): ClusterState
  /** Resolves when everything was let go after the signal. */
  readonly stopped: Promise<void>
}

interface Followed {
  readonly kind: PolicyKind
  readonly namespace: string
  readonly name?: string
  status: FollowStatus
  objects: readonly FollowedObject[]
}

/**
 * Follows the policies of the namespaces through the Kubernetes API until the signal. Works with as much as it may
 * read: a kind that the cluster does not serve or the account may not read is noted, tried again slowly, and does not
 * disturb the others. Never throws.
 */
export function watchClusterPolicies(options: ClusterWatchOptions): ClusterPolicies {
  const { now = () => new Date(), onChange, onProblem, signal } = options
  const followed = targetsOf(options)
  let connectProblem: string | null = null
  let state: ClusterState = {
    policies: emptyPolicies,
    isComplete: true,
    problems: [],
    absentKinds: [],
    syncedAt: null,
    lastChange: null
  }
  let pending: { readonly change: string | null } | null = null
  const tell = () => {
    const before = state
    state = nextState(before, followed, connectProblem, pending?.change ?? null, now)
    pending = null
    for (const problem of state.problems) {
      if (!before.problems.includes(problem)) onProblem?.(problem)
    }
    if (!signal.aborted) onChange(state)
  }
  // the first lists arrive together, as do many policies of one apply: they are one change for those who listen
  const update = (change: string | null = null) => {
    if (pending === null) setImmediate(tell)
    pending = { change: change ?? pending?.change ?? null }
  }
  const run = async () => {
    const api = await (options.connect?.() ?? connectKubeApi(options))
    await followAll(api, followed, options, update)
  }
  const stopped = run().catch(error => {
    connectProblem = `the cluster's policies cannot be read: ${(error as Error).message}`
    tell()
  })
  return { state: () => state, stopped }
}

function targetsOf({ namespaces, meshConfigRefs = [] }: ClusterWatchOptions): Followed[] {
  const fresh = { status: { at: 'starting' }, objects: [] } as const
  const policies = namespaces.flatMap(namespace => NAMESPACED_KINDS.map(kind => ({ kind, namespace, ...fresh })))
  const settings = meshConfigRefs.flatMap(({ namespace, name = 'osm-mesh-config' }) =>
    MESH_CONFIG_KINDS.map(kind => ({ kind, namespace, name, ...fresh }))
  )
  return [...policies, ...settings]
}

async function followAll(
  api: KubeApi,
  followed: readonly Followed[],
  { signal, retryMs = 1000, slowRetryMs = 30_000 }: ClusterWatchOptions,
  update: (change?: string | null) => void
): Promise<void> {
  const servedVersion = createServedVersions(api, { keepMs: slowRetryMs / 2, signal })
  await Promise.all(
    followed.map(entry =>
      followKind({
        api,
        servedVersion,
        kind: entry.kind,
        namespace: entry.namespace,
        ...(entry.name !== undefined && { name: entry.name }),
        retryMs,
        slowRetryMs,
        signal,
        onObjects: objects => {
          const change = describeChange(entry.objects, objects)
          const isFirst = entry.status.at === 'starting'
          entry.objects = objects
          if (change !== null) update(isFirst ? null : change)
        },
        onStatus: status => {
          const isNews = JSON.stringify(entry.status) !== JSON.stringify(status)
          entry.status = status
          if (isNews) update()
        }
      })
    )
  )
}

function nextState(
  before: ClusterState,
  followed: readonly Followed[],
  connectProblem: string | null,
  change: string | null,
  now: () => Date
): ClusterState {
  const values = followed.flatMap(({ objects }) => objects.map(({ value }) => value))
  const { policies, errors } = parsePolicyObjects(values)
  const isSynced = followed.every(({ status }) => ['followed', 'absent', 'forbidden'].includes(status.at))
  const at = now().toISOString()
  const absent = followed.filter(({ status }) => status.at === 'absent')
  return {
    policies,
    isComplete: errors.length === 0,
    problems: [
      ...(connectProblem === null ? [] : [connectProblem]),
      ...describeProblems(followed),
      ...errors.map(formatPolicyError)
    ],
    absentKinds: [...new Set(absent.map(({ kind }) => kind.kind))],
    syncedAt: before.syncedAt ?? (isSynced ? at : null),
    lastChange: change === null ? before.lastChange : { at, text: change }
  }
}
