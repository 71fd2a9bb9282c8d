import { pickTraceHeaders } from '@bookstore/contract'
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type HookHandlerDoneFunction,
  LogController
} from 'fastify'
import { createEpisodes, type Episodes, everySecond } from './episodes.ts'
import type { Logger } from './logger.ts'
import type { RequestMetrics } from './metrics/request-metrics.ts'
import type { Readiness } from './readiness.ts'
import { answerUnknownRoutes, httpError, sendError } from './server-errors.ts'
import { keptTrace, traceRequests } from './tracing/trace-requests.ts'
import type { Tracing } from './tracing/tracing.ts'
import { WITHOUT_SCHEMAS } from './without-schemas.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Served even when the service is at its limit of concurrent requests: probes and long-lived streams. */
    readonly neverShed?: boolean
    /** Neither counted among the requests nor traced: what Kubernetes asks says nothing of what users meet. */
    readonly isProbe?: boolean
  }
}

export interface ServerOptions {
  readonly logger: Logger
  readonly readiness: Readiness
  readonly requestMetrics?: RequestMetrics
  readonly tracing?: Tracing | undefined
  /** Told what is refused; the server keeps its clock going. */
  readonly episodes?: Episodes
  /** Whether answers repeat the tracing headers of their request. */
  readonly echoTraceHeaders?: boolean
  /** Largest request body in bytes. */
  readonly bodyLimit?: number
  readonly maxConcurrentRequests?: number
}

/**
 * A Fastify instance with what every service of ours has: probes, JSON errors, 405 with `Allow`, bodies as text, load
 * shedding, metrics, and a drain that lets kept-alive connections go. It does not listen.
 */
export function createServer({
  logger,
  readiness,
  requestMetrics,
  tracing,
  episodes = createEpisodes({ logger }),
  echoTraceHeaders = false,
  bodyLimit = 16 * 1024,
  maxConcurrentRequests = 512
}: ServerOptions): FastifyInstance {
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    // a logger for each request would cost more than most requests log: `sendError` names the request itself
    childLoggerFactory: parent => parent,
    bodyLimit,
    schemaController: WITHOUT_SCHEMAS,
    // slow or idle clients must not hold connections open (https://fastify.dev/docs/latest/Reference/Server/)
    requestTimeout: 10_000,
    // Node looks for late requests every 30 s by default, so that slow bodies would hold their places for four times
    // the timeout
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    // a HEAD must not sell a book; pages that want HEAD say so
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 256 }
  })
  const stopTelling = everySecond(episodes.tick)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, readTextBody)
  answerUnknownRoutes(app)
  app.setErrorHandler(sendError)
  if (tracing) traceRequests(app, tracing)
  const isLeaving = lettingConnectionsGo(app, readiness)
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('x-content-type-options', 'nosniff')
    if (isLeaving()) reply.header('connection', 'close')
    done(null, payload)
  })
  if (echoTraceHeaders) app.addHook('onRequest', echoTrace)
  if (requestMetrics) observeRequests(app, requestMetrics)
  shedLoad(app, maxConcurrentRequests, episodes)
  app.addHook('onClose', async () => stopTelling())
  addProbes(app, readiness)
  return app
}

const TEXT_TYPES = new Set([
  'application/json',
  'text/plain',
  // what `curl -d 5` sends
  'application/x-www-form-urlencoded'
])

// the original's Go client sends no content type at all, so the body is taken as text and read by the route
async function readTextBody(request: FastifyRequest, body: string | Buffer): Promise<string> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type && !TEXT_TYPES.has(type)) {
    throw httpError(
      415,
      `expected a body of type application/json, got "${type.slice(0, 80)}"`,
      'UNSUPPORTED_MEDIA_TYPE'
    )
  }
  return String(body)
}

// Hooks of every request call back: as async functions each would cost a promise a request.

function echoTrace(request: FastifyRequest, reply: FastifyReply, done: HookHandlerDoneFunction): void {
  reply.headers(pickTraceHeaders(request.headers))
  done()
}

function observeRequests(app: FastifyInstance, metrics: RequestMetrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { url = 'unknown', config } = request.routeOptions
    if (!config.isProbe)
      metrics.observe(request.method, url, reply.statusCode, reply.elapsedTime / 1000, keptTrace(request))
    done()
  })
  // what cannot be read as HTTP comes to no route; the answer is Fastify's
  app.server.on('clientError', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET') return
    metrics.malformed(MALFORMED[error.code ?? ''] ?? 400)
  })
}

const MALFORMED: Readonly<Record<string, number>> = { ERR_HTTP_REQUEST_TIMEOUT: 408, HPE_HEADER_OVERFLOW: 431 }

function shedLoad(app: FastifyInstance, limit: number, episodes: Episodes): void {
  let active = 0
  const release = () => {
    active--
  }
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.config.neverShed) return done()
    if (active >= limit) {
      episodes.note('overloaded', {
        message: 'requests are refused, too many at once',
        level: 'warn',
        fields: { limit }
      })
      reply.header('retry-after', '1')
      return done(httpError(503, `busy with ${limit} requests; try again`, 'OVERLOADED'))
    }
    active++
    reply.raw.once('close', release)
    done()
  })
}

// From the moment the stop begins every answer ends its connection, so that kept-alive clients move away before the
// listener closes.
// Fastify does so only for requests that arrive while it closes: one in flight would keep its socket for
// keepAliveTimeout.
function lettingConnectionsGo(app: FastifyInstance, readiness: Readiness): () => boolean {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  return () => closing || readiness.isStopping()
}

function addProbes(app: FastifyInstance, readiness: Readiness): void {
  const config = { neverShed: true, isProbe: true }
  const alive = async () => ({ status: 'ok' })
  app.get('/liveness', { config }, alive)
  app.get('/startup', { config }, alive)
  app.get('/readiness', { config }, async (_request, reply) => {
    if (readiness.isReady()) return { status: 'ok' }
    return reply.status(503).send({ status: 'not ready', reasons: readiness.reasons() })
  })
}
