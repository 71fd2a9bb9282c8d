import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A small Kubernetes API over real HTTP, for tests: discovery, lists and watches of custom objects. */
export interface FakeKubernetesApi {
  readonly kubeconfig: string
  /** Serve the kind from now on. */
  serve(group: string, version: string, plural: string): void
  /** Answer lists and watches of that plural with 403. */
  forbid(plural: string): void
  permit(plural: string): void
  put(path: string, object: FakeObject): void
  remove(path: string, name: string): void
  /** End all watches: as a server does in good order, or by cutting the connection. */
  endWatches(how: 'in order' | 'cut'): void
  /** Forget old versions: a watch from before gets 410, by status or by event. */
  expire(how: 'status' | 'event'): void
  /** Stop listening, or listen again on the same port. */
  setReachable(isReachable: boolean): Promise<void>
  /** Paths asked, with their query, in order. */
  readonly requests: readonly string[]
  /** Resolves when all that was sent before is among `requests`. */
  catchUp(): Promise<void>
  watchCount(): number
  close(): Promise<void>
}

interface FakeObject {
  readonly metadata: { readonly name: string }
  readonly spec?: unknown
}

interface Watcher {
  readonly path: string
  readonly response: ServerResponse
}

interface FakeState {
  readonly served: Map<string, Set<string>>
  readonly forbidden: Set<string>
  readonly objects: Map<string, Map<string, object>>
  readonly watchers: Set<Watcher>
  readonly requests: string[]
  version: number
  expired: { readonly before: number; readonly how: 'status' | 'event' } | null
}

/** Starts the fake on a free port of loopback. */
export async function startFakeKubernetesApi(): Promise<FakeKubernetesApi> {
  const state: FakeState = {
    served: new Map(),
    forbidden: new Set(),
    objects: new Map(),
    watchers: new Set(),
    requests: [],
    version: 1,
    expired: null
  }
  const server = createServer((request, response) => handle(state, request, response))
  const listen = (port: number) => new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  const stop = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    kubeconfig: kubeconfigFor(port),
    requests: state.requests,
    serve(group, version, plural) {
      const key = `${group}/${version}`
      state.served.set(key, (state.served.get(key) ?? new Set()).add(plural))
    },
    forbid: plural => void state.forbidden.add(plural),
    permit: plural => void state.forbidden.delete(plural),
    put: (path, object) => put(state, path, object),
    remove: (path, name) => remove(state, path, name),
    endWatches(how) {
      const ended = [...state.watchers]
      state.watchers.clear()
      for (const { response } of ended) {
        if (how === 'in order') response.end()
        else response.destroy()
      }
    },
    expire(how) {
      state.expired = { before: ++state.version, how }
    },
    setReachable: isReachable => (isReachable ? listen(port) : stop()),
    // a connection of its own is accepted and read after what lies in the sockets of the others
    catchUp: async () =>
      void (await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text()),
    watchCount: () => state.watchers.size,
    close: stop
  }
}

function put(state: FakeState, path: string, object: FakeObject): void {
  const known = state.objects.get(path) ?? new Map<string, object>()
  const type = known.has(object.metadata.name) ? 'MODIFIED' : 'ADDED'
  const stored = withVersion(path, object, ++state.version)
  state.objects.set(path, known.set(object.metadata.name, stored))
  tell(state, path, type, stored)
}

function remove(state: FakeState, path: string, name: string): void {
  const stored = state.objects.get(path)?.get(name)
  state.objects.get(path)?.delete(name)
  state.version++
  if (stored) tell(state, path, 'DELETED', stored)
}

function tell(state: FakeState, path: string, type: string, object: object): void {
  for (const watcher of state.watchers) {
    if (watcher.path === path) watcher.response.write(`${JSON.stringify({ type, object })}\n`)
  }
}

function handle(state: FakeState, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://fake')
  state.requests.push(request.url ?? '')
  const [, , group, version, , , plural] = url.pathname.split('/')
  const plurals = state.served.get(`${group}/${version}`)
  if (plural === undefined) discover(response, plurals)
  else if (state.forbidden.has(plural)) fail(response, 403)
  else if (!plurals?.has(plural)) fail(response, 404)
  else if (url.searchParams.get('watch') === 'true') watch(state, url, response)
  else {
    const items = [...(state.objects.get(url.pathname)?.values() ?? [])]
    json(response, 200, { items, metadata: { resourceVersion: String(state.version) } })
  }
}

function watch(state: FakeState, url: URL, response: ServerResponse): void {
  const from = Number(url.searchParams.get('resourceVersion'))
  const expiredHow = state.expired && from < state.expired.before ? state.expired.how : null
  if (expiredHow === 'status') {
    fail(response, 410)
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.flushHeaders()
  if (expiredHow === 'event') {
    response.end(`${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410 } })}\n`)
    return
  }
  const watcher = { path: url.pathname, response }
  state.watchers.add(watcher)
  response.on('close', () => state.watchers.delete(watcher))
}

function withVersion(path: string, object: FakeObject, version: number): object {
  const namespace = path.split('/')[5]
  return {
    ...object,
    metadata: { ...object.metadata, namespace, resourceVersion: String(version) }
  }
}

function discover(response: ServerResponse, plurals: Set<string> | undefined): void {
  if (plurals === undefined) {
    fail(response, 404)
    return
  }
  const resources = [...plurals].map(name => ({
    name,
    singularName: '',
    namespaced: true,
    kind: '',
    verbs: []
  }))
  json(response, 200, { kind: 'APIResourceList', groupVersion: '', resources })
}

function fail(response: ServerResponse, code: number): void {
  json(response, code, { kind: 'Status', status: 'Failure', code })
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function kubeconfigFor(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fake',
    clusters: [
      {
        name: 'fake',
        cluster: { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true }
      }
    ],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
    users: [{ name: 'fake', user: { token: 'fake' } }]
  })
}
