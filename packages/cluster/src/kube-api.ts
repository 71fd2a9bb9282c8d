import type {
  ConfigurationOptions,
  KubeConfig,
  ObservableMiddleware,
  RequestContext,
  Watch
} from '@kubernetes/client-node'

type Library = typeof import('./kube-library.ts')

/** One kind in one namespace, or one object of it. */
export interface Target {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly namespace: string
  readonly name?: string
}

/** A change that the API tells of while it is watched. */
export interface WatchEvent {
  readonly type: string
  readonly object: unknown
}

interface ObjectList {
  readonly items: readonly unknown[]
  readonly resourceVersion: string
}

/** The little of the Kubernetes API that is needed here. Every call fails with a KubeApiError. */
export interface KubeApi {
  /** Plural names of the kinds that the cluster serves in that version; empty when it does not know the group. */
  served(group: string, version: string, signal: AbortSignal): Promise<readonly string[]>
  list(target: Target, signal: AbortSignal): Promise<ObjectList>
  /** Gives every change after `resourceVersion` until the server ends the watch. */
  watch(
    target: Target,
    resourceVersion: string,
    onEvent: (event: WatchEvent) => void,
    signal: AbortSignal
  ): Promise<void>
}

/** The API refused (`status` is its code) or was not reached (`status` is undefined). */
export class KubeApiError extends Error {
  override readonly name = 'KubeApiError'
  readonly code = 'KUBE_API'
  readonly status: number | undefined

  constructor(message: string, status: number | undefined, cause: unknown) {
    super(message, { cause })
    this.status = status
  }
}

export interface KubeApiOptions {
  /** Text of a kubeconfig; without it the pod's own account is used. */
  readonly kubeconfig?: string
  readonly requestTimeoutMs?: number
  /** A watch on which nothing was heard for so long, not even a bookmark (about one a minute), is begun again. */
  readonly watchIdleMs?: number
}

/**
 * The official client library as a KubeApi. The library is loaded only here: it costs about 45 MB of memory bundled
 * and twice that from node_modules, which nobody pays who does not follow a cluster. @throws KubeApiError when there is
 * no cluster to talk to
 */
export async function connectKubeApi({
  kubeconfig,
  requestTimeoutMs = 10_000,
  watchIdleMs = 120_000
}: KubeApiOptions = {}): Promise<KubeApi> {
  const library = await import('./kube-library.ts')
  const config = loadConfig(new library.KubeConfig(), kubeconfig)
  const objects = config.makeApiClient(library.CustomObjectsApi)
  const within = (signal: AbortSignal) =>
    timeLimit(library, AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]))
  return {
    async served(group, version, signal) {
      try {
        const { resources } = await objects.getAPIResources({ group, version }, within(signal))
        return resources.map(({ name }) => name)
      } catch (error) {
        const failure = toKubeApiError(error)
        if (failure.status === 404) return []
        throw failure
      }
    },
    async list({ name, ...target }, signal) {
      try {
        const list: unknown = await objects.listNamespacedCustomObject(
          { ...target, ...(name && { fieldSelector: `metadata.name=${name}` }) },
          within(signal)
        )
        return readList(list)
      } catch (error) {
        throw toKubeApiError(error)
      }
    },
    watch(target, resourceVersion, onEvent, signal) {
      // the library's own limit of 30 s is shorter than the pause between two bookmarks
      const watch = Object.assign(new library.Watch(config), { requestTimeoutMs: watchIdleMs })
      return runWatch(watch, target, resourceVersion, onEvent, signal)
    }
  }
}

function loadConfig(config: KubeConfig, kubeconfig: string | undefined): KubeConfig {
  try {
    if (kubeconfig === undefined) config.loadFromCluster()
    else config.loadFromString(kubeconfig)
  } catch (error) {
    throw new KubeApiError(`cannot read the kubeconfig: ${words(error)}`, undefined, error)
  }
  const server = config.getCurrentCluster()?.server
  if (server && URL.canParse(server) && !server.includes('undefined')) return config
  throw new KubeApiError('this is not a pod of a Kubernetes cluster', undefined, undefined)
}

// the library takes no signal itself, but its middleware sees the request before it is sent
function timeLimit({ Observable }: Library, signal: AbortSignal): ConfigurationOptions<ObservableMiddleware> {
  const pass = <T>(value: T) => new Observable(Promise.resolve(value))
  const pre = (context: RequestContext) => {
    context.setSignal(signal)
    return pass(context)
  }
  return { middlewareMergeStrategy: 'append', middleware: [{ pre, post: pass }] }
}

function readList(list: unknown): ObjectList {
  const { items, metadata } = (list ?? {}) as {
    items?: unknown
    metadata?: { resourceVersion?: unknown }
  }
  if (!Array.isArray(items)) {
    throw new KubeApiError('expected a list of objects from the API', undefined, undefined)
  }
  return { items, resourceVersion: String(metadata?.resourceVersion ?? '') }
}

async function runWatch(
  watch: Watch,
  { group, version, plural, namespace, name }: Target,
  resourceVersion: string,
  onEvent: (event: WatchEvent) => void,
  signal: AbortSignal
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const request = await watch.watch(
    `/apis/${group}/${version}/namespaces/${namespace}/${plural}`,
    {
      resourceVersion,
      allowWatchBookmarks: true,
      ...(name && { fieldSelector: `metadata.name=${name}` })
    },
    (type, object) => onEvent({ type, object }),
    error => (isEnd(error) ? resolve() : reject(toKubeApiError(error)))
  )
  const stop = () => request.abort()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await promise
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

// a watch on which nothing was heard is begun again like one that the server ended
function isEnd(error: unknown): boolean {
  return !error || (error instanceof Error && error.name === 'TimeoutError')
}

function toKubeApiError(error: unknown): KubeApiError {
  if (error instanceof KubeApiError) return error
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown }
  const status = [code, statusCode].find(value => typeof value === 'number')
  return new KubeApiError(status ? `status ${status}` : words(error), status, error)
}

// fetch says only "fetch failed"; the reason is its cause
function words(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}
