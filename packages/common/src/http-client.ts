import { Agent, type Dispatcher } from 'undici'

/** One answered request. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly elapsedMs: number
  /** No connection that can have carried this answer was opened before this time (ms since the epoch). */
  readonly connectionsSince: number
}

export interface HttpRequest {
  readonly url: string
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
}

export interface HttpClient {
  /**
   * Sends one request and reads the whole answer. Rejects with undici's errors (their `code` is stable) and with
   * TimeoutError after the deadline.
   */
  request(request: HttpRequest): Promise<HttpAnswer>
  /** Uses fresh connections from now on; the old ones close as soon as nothing is in flight on them. */
  renewConnections(): void
  close(): Promise<void>
}

export interface HttpClientOptions {
  /** Deadline of a whole request in ms. */
  readonly timeoutMs?: number
  readonly connectTimeoutMs?: number
  readonly keepAlive?: boolean
  /** Connections per origin. */
  readonly connections?: number
  /** Largest answer body in bytes. */
  readonly maxBodyBytes?: number
  /** Layers between us and the network, such as the local mesh. */
  readonly interceptors?: readonly Dispatcher.DispatcherComposeInterceptor[]
}

interface Generation {
  readonly dispatcher: Dispatcher
  readonly since: number
}

/** An HTTP client with a deadline on everything; it never retries and never follows redirects. */
export function createHttpClient({
  timeoutMs = 5_000,
  connectTimeoutMs = 2_000,
  keepAlive = true,
  connections = 64,
  maxBodyBytes = 1024 * 1024,
  interceptors = []
}: HttpClientOptions = {}): HttpClient {
  const open = (): Generation => {
    const agent = new Agent({
      connect: { timeout: connectTimeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxResponseSize: maxBodyBytes,
      pipelining: keepAlive ? 1 : 0,
      connections
    })
    return { dispatcher: agent.compose(...interceptors), since: Date.now() }
  }
  const closing = new Set<Promise<void>>()
  let current = open()
  return {
    request: request => send(current, request, timeoutMs),
    renewConnections() {
      const closed = current.dispatcher.close().finally(() => closing.delete(closed))
      closing.add(closed)
      current = open()
    },
    async close() {
      await Promise.all([current.dispatcher.close(), ...closing])
    }
  }
}

async function send(
  { dispatcher, since }: Generation,
  { url, method = 'GET', headers = {}, body, signal }: HttpRequest,
  timeoutMs: number
): Promise<HttpAnswer> {
  const { origin, pathname, search } = new URL(url)
  const deadline = AbortSignal.timeout(timeoutMs)
  const startedAt = performance.now()
  const answer = await dispatcher.request({
    origin,
    path: pathname + search,
    method,
    headers: { ...headers },
    body: body ?? null,
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline
  })
  const text = await answer.body.text()
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: text,
    elapsedMs: performance.now() - startedAt,
    connectionsSince: since
  }
}
