import { Readable } from 'node:stream'
import { httpError, pause } from '@bookstore/common'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** What one kind of listener is told. */
export interface EventView {
  readonly event: string
  /** The newest data as one line of JSON; called once per round however many listen. */
  read(): string
}

export interface EventsOptions {
  readonly views: Readonly<Record<string, EventView>>
  readonly intervalMs?: number
  readonly maxListeners?: number
  readonly onListeners?: (count: number) => void
}

/**
 * `GET /api/events`: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), one every
 * `intervalMs`.
 * The newest data win: a listener that reads slowly misses rounds and costs one message of memory. Ends when the app
 * closes. `GET /api/events/latest` answers with the newest data as JSON, for who is refused.
 */
export function addEvents(app: FastifyInstance, options: EventsOptions): void {
  const { views, intervalMs = 1000, maxListeners = 500, onListeners = () => undefined } = options
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())
  const messages = createMessages(views, intervalMs)
  let listeners = 0

  app.get('/api/events', { config: { neverShed: true } }, async (request, reply) => {
    const name = viewName(request, views)
    if (listeners >= maxListeners) {
      reply.header('retry-after', '5')
      throw httpError(503, `${maxListeners} listeners are here already`, 'TOO_MANY_LISTENERS')
    }
    onListeners(++listeners)
    const gone = new AbortController()
    reply.raw.once('close', () => {
      onListeners(--listeners)
      gone.abort()
    })
    const signal = AbortSignal.any([closing.signal, gone.signal])
    return sendStream(
      reply,
      rounds(() => messages(name).event, intervalMs, signal)
    )
  })
  app.get('/api/events/latest', async (request, reply) =>
    reply
      .headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
      .send(messages(viewName(request, views)).data)
  )
}

async function* rounds(message: () => Buffer, intervalMs: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  yield Buffer.from('retry: 1000\n\n')
  while (!signal.aborted) {
    yield message()
    await pause(intervalMs, signal)
  }
}

function viewName(request: FastifyRequest, views: EventsOptions['views']): string {
  const { view = Object.keys(views)[0] ?? '' } = request.query as { view?: string }
  if (typeof view === 'string' && Object.hasOwn(views, view)) return view
  throw httpError(400, `view: expected one of ${Object.keys(views).join(', ')}, got "${String(view).slice(0, 40)}"`)
}

interface Message {
  readonly round: number
  readonly data: string
  readonly event: Buffer
}

// all listeners of a view share one message, so that hundreds of them cost one rendering a round
function createMessages(views: EventsOptions['views'], intervalMs: number): (name: string) => Message {
  const made = new Map<string, Message>()
  return name => {
    const round = Math.floor((performance.now() * 2) / intervalMs)
    const known = made.get(name)
    if (known?.round === round) return known
    const view = views[name]
    const data = view?.read() ?? ''
    const message = { round, data, event: Buffer.from(view ? `event: ${view.event}\ndata: ${data}\n\n` : '') }
    made.set(name, message)
    return message
  }
}

function sendStream(reply: FastifyReply, source: AsyncGenerator<Buffer>): FastifyReply {
  return reply
    .headers({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      connection: 'close'
    })
    .send(Readable.from(source, { objectMode: false, highWaterMark: 1024 }))
}
