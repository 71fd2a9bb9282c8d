import { type Account, findService, parseServiceHost, type Service } from '@bookstore/contract'
import { chooseBackend, type Denial, type Mesh } from '@bookstore/policy'
import type { Dispatcher } from 'undici'
import { carryOut } from './carry-out.ts'
import { headerRecord, withHost } from './headers.ts'
import { egressRefusal } from './promises/egress.ts'
import { createProxyState, type ProxyState } from './proxy-state.ts'
import { answer, closeConnection, fail } from './synthetic.ts'

export interface InterceptorOptions {
  readonly mesh: () => Mesh
  readonly account: Account
  /** Settles once there are policies to ask; null when there are. */
  readonly pending: () => Promise<void> | null
  readonly random: () => number
  readonly onDecision: (decision: Decided) => void
}

/** `forward`, or how a request was refused. */
export type Decided = 'forward' | 'reset' | '403' | '404' | '503'

const bodies = { '403': 'RBAC: access denied', '404': '', '503': 'no healthy upstream' }

/**
 * An undici interceptor that stands where a sidecar stands: a request to a Service of the topology goes to
 * a pod the policies choose, or is refused the way the mesh would look to the client. Another request leaves the mesh,
 * if it may.
 * Compose it on an Agent: a Client or Pool is bound to one origin and would ignore the choice.
 */
export function meshInterceptor(options: InterceptorOptions): Dispatcher.DispatcherComposeInterceptor {
  const proxy = createProxyState()
  return dispatch => (request, handler) => {
    const url = urlOf(request)
    if (url === null) return dispatch(request, handler)
    const service = serviceOf(options, url)
    const go = () =>
      service === undefined
        ? leave(options, dispatch, url, request, handler)
        : route({ ...options, proxy }, dispatch, { url, service }, request, handler)
    const pending = options.pending()
    if (pending === null) return go()
    pending.then(go).catch(error => fail(handler, error instanceof Error ? error : new Error(String(error))))
    return true
  }
}

interface Target {
  readonly url: URL
  readonly service: Service
}

function urlOf({ origin }: Dispatcher.DispatchOptions): URL | null {
  return origin === undefined || !URL.canParse(String(origin)) ? null : new URL(String(origin))
}

function serviceOf({ mesh, account }: InterceptorOptions, url: URL): Service | undefined {
  const name = url.protocol === 'http:' ? parseServiceHost(url.hostname, account.namespace) : null
  return name === null ? undefined : findService(mesh().topology, name)
}

function leave(
  { mesh, account }: InterceptorOptions,
  dispatch: Dispatcher.Dispatch,
  url: URL,
  request: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler
): boolean {
  const refusal = egressRefusal(mesh(), account, url)
  if (refusal === null) return dispatch(request, handler)
  discardBody(request.body)
  // a tunnel for TLS has no answer of its own
  if (refusal.how === 'reset' || url.protocol === 'https:') closeConnection(handler)
  else answer(handler, { status: 502, body: '' })
  return true
}

function route(
  options: InterceptorOptions & { readonly proxy: ProxyState },
  dispatch: Dispatcher.Dispatch,
  { url, service }: Target,
  request: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler
): boolean {
  const { method, path, body } = request
  const { random, proxy, account } = options
  const port = Number(url.port || 80)
  const asked = { source: account, service, method, path, headers: headerRecord(request.headers, url.host), port }
  const mesh = options.mesh()
  const refuse = (denial: Denial, told: Dispatcher.DispatchHandler) => {
    options.onDecision(denial.how)
    discardBody(body)
    if (denial.how === 'reset') closeConnection(told)
    else answer(told, { status: Number(denial.how), body: bodies[denial.how] })
  }
  const backend = chooseBackend(mesh, asked, random)
  if ('kind' in backend) {
    refuse(backend, handler)
    return true
  }
  const headers = withHost(request.headers, url.host)
  const isRepeatable = body === null || body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
  const send = (address: string, told: Dispatcher.DispatchHandler) => {
    options.onDecision('forward')
    dispatch({ ...request, origin: address, headers }, told)
  }
  carryOut({ mesh, asked, backend, random, proxy, send, isRepeatable, refuse }, handler)
  return true
}

// A stream that nobody will read would hold what it reads from.
function discardBody(body: unknown): void {
  if (typeof body !== 'object' || body === null || !('destroy' in body)) return
  if (typeof body.destroy === 'function') body.destroy()
}
