import { pause } from '@bookstore/common'
import type { PolicyKind } from '@bookstore/policy'
import { type KubeApi, KubeApiError, type Target, type WatchEvent } from './kube-api.ts'

/** How following one kind in one namespace goes. `absent`: the cluster does not serve the kind. */
export type FollowStatus =
  | { readonly at: 'starting' | 'followed' | 'absent' | 'forbidden' }
  | { readonly at: 'lost'; readonly why: string }

/** An object as the API gives it: whatever it holds, with its name and version. */
export interface FollowedObject {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly resourceVersion: string
  readonly value: unknown
}

export interface FollowOptions {
  readonly api: KubeApi
  /** Which version of the kind the cluster serves; null when none. */
  readonly servedVersion: (kind: PolicyKind) => Promise<string | null>
  readonly kind: PolicyKind
  readonly namespace: string
  /** Follow only the object of this name. */
  readonly name?: string
  readonly onObjects: (objects: readonly FollowedObject[]) => void
  readonly onStatus: (status: FollowStatus) => void
  /** Pause after a failure that may pass, in ms; doubled up to `slowRetryMs` while it lasts. */
  readonly retryMs: number
  /** Pause while the kind or the right is missing, in ms. */
  readonly slowRetryMs: number
  readonly signal: AbortSignal
}

/**
 * Lists and then watches one kind in one namespace until the signal, as the API's documentation asks for: after a
 * dropped watch it goes on from the last version seen, after 410 (that version is forgotten) it lists again
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes). Never throws.
 */
export async function followKind(options: FollowOptions): Promise<void> {
  const { kind, signal, onStatus, retryMs, slowRetryMs } = options
  let failures = 0
  while (!signal.aborted) {
    let pauseMs = slowRetryMs
    try {
      const version = await options.servedVersion(kind)
      if (version === null) {
        options.onObjects([])
        onStatus({ at: 'absent' })
      } else {
        await listAndWatch(options, version, () => {
          failures = 0
        })
        pauseMs = 0
      }
    } catch (error) {
      if (signal.aborted) return
      const status = statusOf(error)
      if (status.at === 'forbidden') options.onObjects([])
      else pauseMs = Math.min(retryMs * 2 ** failures++, slowRetryMs)
      onStatus(status)
    }
    await pause(pauseMs, signal)
  }
}

/** Lists once and watches until something makes a new list necessary: 410, or a failure, which is thrown. */
async function listAndWatch(options: FollowOptions, version: string, isWell: () => void): Promise<void> {
  const { api, kind, namespace, name, signal, retryMs } = options
  const target: Target = {
    group: kind.group,
    version,
    plural: kind.plural,
    namespace,
    ...(name !== undefined && { name })
  }
  const list = await api.list(target, signal)
  const objects = new Map(list.items.map(item => toObject(kind, version, namespace, item)).map(o => [o.name, o]))
  options.onObjects([...objects.values()])
  options.onStatus({ at: 'followed' })
  isWell()
  let { resourceVersion } = list
  let isExpired = false
  const take = ({ type, object }: WatchEvent) => {
    if (type === 'ERROR') {
      isExpired = true
      return
    }
    const changed = toObject(kind, version, namespace, object)
    resourceVersion = changed.resourceVersion || resourceVersion
    if (type === 'BOOKMARK') return
    if (type === 'DELETED') objects.delete(changed.name)
    else objects.set(changed.name, changed)
    options.onObjects([...objects.values()])
  }
  while (!signal.aborted && !isExpired) {
    const seen = resourceVersion
    try {
      await api.watch(target, resourceVersion, take, signal)
    } catch (error) {
      if (error instanceof KubeApiError && error.status === 410) return
      throw error
    }
    // a server that ends watches at once must not be asked in a tight loop
    if (seen === resourceVersion) await pause(retryMs, signal)
  }
}

function statusOf(error: unknown): FollowStatus {
  const isRefused = error instanceof KubeApiError && [401, 403].includes(error.status ?? 0)
  if (isRefused) return { at: 'forbidden' }
  return { at: 'lost', why: error instanceof Error ? error.message : String(error) }
}

function toObject(kind: PolicyKind, version: string, namespace: string, value: unknown): FollowedObject {
  const object = typeof value === 'object' && value !== null ? value : {}
  const { metadata } = object as { metadata?: { name?: unknown; resourceVersion?: unknown } }
  return {
    kind: kind.kind,
    namespace,
    name: String(metadata?.name ?? ''),
    resourceVersion: String(metadata?.resourceVersion ?? ''),
    // items of a list may come without them
    value: { ...object, apiVersion: `${kind.group}/${version}`, kind: kind.kind }
  }
}
