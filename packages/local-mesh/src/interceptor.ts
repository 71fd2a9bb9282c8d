import { type Account, findService, parseServiceHost, type Service } from '@bookstore/contract'
import { decide, type Mesh } from '@bookstore/policy'
import type { Dispatcher } from 'undici'
import { headerRecord, withHost } from './headers.ts'
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
 * a pod the policies choose, or is refused the way the mesh would look to the client. Other requests pass.
 * Compose it on an Agent: a Client or Pool is bound to one origin and would ignore the choice.
 */
export function meshInterceptor(options: InterceptorOptions): Dispatcher.DispatcherComposeInterceptor {
  return dispatch => (request, handler) => {
    const target = targetOf(options, request)
    if (target === null) return dispatch(request, handler)
    const pending = options.pending()
    if (pending === null) return route(options, dispatch, target, request, handler)
    pending
      .then(() => route(options, dispatch, target, request, handler))
      .catch(error => fail(handler, error instanceof Error ? error : new Error(String(error))))
    return true
  }
}

interface Target {
  readonly url: URL
  readonly service: Service
}

function targetOf({ mesh, account }: InterceptorOptions, { origin }: Dispatcher.DispatchOptions): Target | null {
  if (origin === undefined || !URL.canParse(String(origin))) return null
  const url = new URL(String(origin))
  const name = url.protocol === 'http:' ? parseServiceHost(url.hostname, account.namespace) : null
  const service = name === null ? undefined : findService(mesh().topology, name)
  return service === undefined ? null : { url, service }
}

function route(
  options: InterceptorOptions,
  dispatch: Dispatcher.Dispatch,
  { url, service }: Target,
  request: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler
): boolean {
  const { method, path } = request
  const asked = {
    source: options.account,
    service,
    method,
    path,
    headers: headerRecord(request.headers, url.host),
    port: Number(url.port || 80)
  }
  const decision = decide(options.mesh(), asked, options.random)
  options.onDecision(decision.kind === 'forward' ? 'forward' : decision.how)
  if (decision.kind === 'forward') {
    const headers = withHost(request.headers, url.host)
    return dispatch({ ...request, origin: decision.address, headers }, handler)
  }
  discardBody(request.body)
  if (decision.how === 'reset') closeConnection(handler)
  else answer(handler, { status: Number(decision.how), body: bodies[decision.how] })
  return true
}

// A stream that nobody will read would hold what it reads from.
function discardBody(body: unknown): void {
  if (typeof body !== 'object' || body === null || !('destroy' in body)) return
  if (typeof body.destroy === 'function') body.destroy()
}
