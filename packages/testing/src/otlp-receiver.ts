import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type Http2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'

/** A span as it came over OTLP, with its attributes as a plain object. */
export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  /** '' for the first span of a trace. */
  readonly parentSpanId: string
  readonly name: string
  readonly kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  readonly attributes: Readonly<Record<string, unknown>>
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[]
  readonly isError: boolean
  /** Attributes of who made it, such as `service.name`. */
  readonly resource: Readonly<Record<string, unknown>>
}

/** A collector as far as tests need one. */
export interface OtlpReceiver extends AsyncDisposable {
  readonly url: string
  readonly spans: readonly ReceivedSpan[]
  /** Whole bodies, of whatever encoding. */
  readonly bodies: readonly Buffer[]
}

/**
 * Receives OTLP (https://opentelemetry.io/docs/specs/otlp/): over HTTP it reads JSON and keeps other bodies as they are;
 * with `grpc` it answers gRPC. With `isSilent` it takes connections and never answers.
 */
export async function startOtlpReceiver({
  grpc = false,
  isSilent = false
}: {
  readonly grpc?: boolean
  readonly isSilent?: boolean
} = {}): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = []
  const bodies: Buffer[] = []
  const take = (body: Buffer, isJson: boolean) => {
    bodies.push(body)
    if (isJson) spans.push(...spansOf(JSON.parse(body.toString())))
  }
  const server = grpc
    ? grpcServer(take)
    : createServer((request, response) => answer(request, response, take, isSilent))
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket: { destroy(): void; once(event: string, done: () => void): void }) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise(closed => server.close(closed))
    }
  }
}

type Take = (body: Buffer, isJson: boolean) => void

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  take: Take,
  isSilent: boolean
): Promise<void> {
  const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
  if (isSilent) return
  if (request.url !== '/v1/traces') {
    response.writeHead(404).end()
    return
  }
  const type = request.headers['content-type'] ?? ''
  take(body, type.includes('json'))
  response.setHeader('content-type', type).end(type.includes('json') ? '{}' : '')
}

function grpcServer(take: Take): Http2Server {
  const server = createHttp2Server()
  server.on('stream', async stream => {
    const body = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>))
    take(body, false)
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    // an empty message: not compressed, of length 0
    stream.end(Buffer.alloc(5))
  })
  return server
}

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface Exported {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly traceId: string
        readonly spanId: string
        readonly parentSpanId?: string
        readonly name: string
        readonly kind: number
        readonly attributes?: readonly Attribute[]
        readonly links?: readonly { readonly traceId: string; readonly spanId: string }[]
        readonly status?: { readonly code?: number }
      }[]
    }[]
  }[]
}

const KINDS = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'] as const
const ERROR = 2

function spansOf({ resourceSpans }: Exported): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(scope => scope.spans)
      .map(({ traceId, spanId, parentSpanId = '', name, kind, attributes = [], links = [], status }) => ({
        traceId,
        spanId,
        parentSpanId,
        name,
        kind: KINDS[kind] ?? 'internal',
        attributes: plain(attributes),
        links,
        isError: status?.code === ERROR,
        resource: plain(resource.attributes)
      }))
  )
}

function plain(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const [kind = '', plainValue] = Object.entries(value)[0] ?? []
      return [key, kind === 'intValue' ? Number(plainValue) : plainValue]
    })
  )
}
