import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** An error whose answer is the given status and message, in the JSON error shape. */
export function httpError(statusCode: number, message: string, code = 'BAD_REQUEST'): FastifyError {
  return Object.assign(new Error(message), { statusCode, code }) as FastifyError
}

/** Has the app answer 404 to an unknown path, and 405 with `Allow` to an unknown method of a known one. */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const methodsByUrl = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ method, url }) => {
    const methods = methodsByUrl.get(url) ?? new Set()
    for (const one of [method].flat()) methods.add(one)
    methodsByUrl.set(url, methods)
  })
  app.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const allowed = methodsByUrl.get(path) ?? methodsByUrl.get(path.replace(/\/+$/, ''))
    if (allowed === undefined) throw httpError(404, `no such path: ${path.slice(0, 200)}`, 'NOT_FOUND')
    reply.header('allow', [...allowed].sort().join(', '))
    throw httpError(405, `${path} takes ${[...allowed].sort().join(', ')}, got ${request.method}`, 'METHOD_NOT_ALLOWED')
  })
}

/** Answers with an error in the JSON error shape; what is wrong inside is told to the log only. */
export function sendError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const statusCode = error.statusCode && error.statusCode >= 400 ? error.statusCode : 500
  // 503 is an answer that was decided on; telling each of them would flood the log just when there is too much to do
  if (statusCode >= 500 && statusCode !== 503)
    request.log.error({ err: error, ...requestIds(request) }, 'request failed')
  const message = statusCode === 500 ? 'internal error; see the log' : messageOf(error, request)
  void reply.status(statusCode).send({ statusCode, code: error.code ?? 'INTERNAL', message })
}

function requestIds({ headers, id, span }: FastifyRequest): object {
  const requestId = headers['x-request-id'] ?? id
  return { request_id: requestId, ...(span && { trace_id: span.traceId, span_id: span.spanId }) }
}

function messageOf({ code, message }: FastifyError, request: FastifyRequest): string {
  if (code !== 'FST_ERR_CTP_BODY_TOO_LARGE') return message
  return `expected a body of at most ${request.routeOptions.bodyLimit} bytes, got more`
}
