import { Agent, type Dispatcher } from 'undici'
import { createDeadlines, type StartDeadline } from './deadline.ts'
import type { HttpAnswer, HttpRequest } from './http-message.ts'
import { connectionIn, numberedConnections } from './numbered-connections.ts'
import { sendTraced } from './tracing/trace-client.ts'
import type { Tracing } from './tracing/tracing.ts'
import { awaitAnswer } from './whole-answer.ts'

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
  readonly tracing?: Tracing | undefined
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
  tracing,
  interceptors = []
}: HttpClientOptions = {}): HttpClient {
  let opened = 0
  const factory = numberedConnections(() => `connection ${++opened}`)
  const open = (): Generation => {
    const agent = new Agent({
      factory,
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
  const startDeadline = createDeadlines(timeoutMs)
  const placeOf = createPlaces()
  let current = open()
  const now = (sent: HttpRequest) => send(current, sent, { placeOf, startDeadline })
  return {
    request(request) {
      return tracing && request.parent ? sendTraced(tracing, request, now) : now(request)
    },
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

interface Place {
  readonly origin: string
  readonly path: string
}

interface Sending {
  readonly placeOf: (url: string) => Place
  readonly startDeadline: StartDeadline
}

// a program asks few addresses, again and again
const MOST_PLACES = 100

function createPlaces(): (url: string) => Place {
  const places = new Map<string, Place>()
  return url => {
    const known = places.get(url)
    if (known !== undefined) return known
    const { origin, pathname, search } = new URL(url)
    const place = { origin, path: pathname + search }
    if (places.size >= MOST_PLACES) places.clear()
    places.set(url, place)
    return place
  }
}

async function send(
  { dispatcher, since }: Generation,
  { url, method = 'GET', headers = {}, body, signal }: HttpRequest,
  { placeOf, startDeadline }: Sending
): Promise<HttpAnswer> {
  const { handler, answer, giveUp } = awaitAnswer()
  const endDeadline = startDeadline(giveUp, signal)
  const startedAt = performance.now()
  try {
    dispatcher.dispatch({ ...placeOf(url), method, headers: { ...headers }, body: body ?? null }, handler)
    const { status, headers: answered, body: text, context } = await answer
    return {
      status,
      headers: answered,
      body: text,
      elapsedMs: performance.now() - startedAt,
      connectionsSince: since,
      connection: connectionIn(context)
    }
  } finally {
    endDeadline()
  }
}
