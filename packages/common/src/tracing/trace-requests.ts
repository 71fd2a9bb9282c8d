import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { TraceSpan, Tracing } from './tracing.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The span of this request; undefined for probes and where nothing is traced. */
    span: TraceSpan | undefined
  }
}

/**
 * Makes a server span of each request that is no probe, under the names of
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span.
 */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  app.decorateRequest('span', undefined)
  let port: number | undefined
  app.addHook('onListen', async () => {
    const address = app.server.address()
    port = typeof address === 'object' && address ? address.port : undefined
  })
  app.addHook('onRequest', (request, reply, done) => {
    const { url: route, config } = request.routeOptions
    if (config.isProbe) return done()
    const { headers, method, url } = request
    const span = tracing.start({
      name: route === undefined ? method : `${method} ${route}`,
      kind: 'server',
      parent: tracing.extract(headers)
    })
    request.span = span
    if (span.isSampled) span.set(attributesOf(headers, { method, url, route, port }))
    // also when the client leaves before its answer
    reply.raw.once('close', () => {
      if (span.isSampled) span.set({ 'http.response.status_code': reply.statusCode })
      if (reply.statusCode >= 500) span.fail(String(reply.statusCode))
      span.end()
    })
    done()
  })
}

/** The id of the request's trace when that is kept, for exemplars. */
export function keptTrace({ span }: FastifyRequest): string | undefined {
  return span?.isSampled ? span.traceId : undefined
}

interface Served {
  readonly method: string
  readonly url: string
  readonly route: string | undefined
  readonly port: number | undefined
}

function attributesOf(headers: FastifyRequest['headers'], { method, url, route, port }: Served) {
  const query = url.indexOf('?')
  return {
    'http.request.method': method,
    'http.route': route,
    'url.scheme': 'http',
    'url.path': query < 0 ? url : url.slice(0, query),
    'server.address': headers.host?.replace(/:\d+$/, ''),
    // where it came in: the original's clients leave the port out of Host
    'server.port': port,
    'user_agent.original': headers['user-agent']
  }
}
