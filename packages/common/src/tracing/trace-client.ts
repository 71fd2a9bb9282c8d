import type { HttpAnswer, HttpRequest } from '../http-message.ts'
import type { TraceSpan, Tracing } from './tracing.ts'

/**
 * Sends a request inside a client span under its `parent`, and gives its context on by headers
 * (https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span).
 */
export async function sendTraced(
  tracing: Tracing,
  request: HttpRequest,
  send: (request: HttpRequest) => Promise<HttpAnswer>
): Promise<HttpAnswer> {
  const { method = 'GET' } = request
  const span = tracing.start({ name: method, kind: 'client', parent: request.parent })
  if (span.isSampled) describe(span, request, method)
  try {
    const answer = await send({ ...request, headers: { ...request.headers, ...tracing.inject(span) } })
    if (span.isSampled) span.set({ 'http.response.status_code': answer.status })
    if (answer.status >= 400) span.fail(String(answer.status))
    return answer
  } catch (error) {
    const { code, name, message } = error as { code?: unknown; name: string; message: string }
    span.fail(typeof code === 'string' ? code : name, message)
    throw error
  } finally {
    span.end()
  }
}

function describe(span: TraceSpan, { url }: HttpRequest, method: string): void {
  const { hostname, port, protocol } = new URL(url)
  span.set({
    'http.request.method': method,
    'url.full': url,
    'server.address': hostname,
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80))
  })
}
