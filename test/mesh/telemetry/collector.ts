// Runs alone in a pod of the cluster, on what Node brings: takes spans from the programs and from the mesh's proxies.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'

/** A span as far as its place in a trace goes; ids in lower-case hex. */
export interface CollectedSpan {
  readonly from: 'app' | 'proxy'
  readonly traceId: string
  readonly spanId: string
  /** '' for the first one. */
  readonly parentSpanId: string
  readonly name: string
  readonly service: string
}

const MOST = 50_000
const OTLP_HTTP = 4318
const OTLP_GRPC = 4317
const ZIPKIN = 9411

const spans: CollectedSpan[] = []

createServer((request, response) => answer(request, response, fromOtlpJson)).listen(OTLP_HTTP)
createServer((request, response) => answer(request, response, fromZipkin)).listen(ZIPKIN)
createHttp2Server()
  .on('stream', async stream => {
    const body = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>))
    keep(fromOtlpGrpc(body))
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    // an empty message: not compressed, of length 0
    stream.end(Buffer.alloc(5))
  })
  .listen(OTLP_GRPC)
process.once('SIGTERM', () => process.exit(0))

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  read: (body: string) => readonly CollectedSpan[]
): Promise<void> {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(spans))
    return
  }
  keep(read(Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString()))
  response.writeHead(request.url === '/v1/traces' ? 200 : 202, { 'content-type': 'application/json' }).end('{}')
}

function keep(more: readonly CollectedSpan[]): void {
  spans.push(...more)
  spans.splice(0, spans.length - MOST)
}

interface OtlpJson {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
    }
    readonly scopeSpans: readonly { readonly spans: readonly Omit<CollectedSpan, 'from' | 'service'>[] }[]
  }[]
}

function fromOtlpJson(body: string): readonly CollectedSpan[] {
  const { resourceSpans } = JSON.parse(body) as OtlpJson
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const named = resource.attributes.find(({ key }) => key === 'service.name')
    return scopeSpans
      .flatMap(scope => scope.spans)
      .map(({ traceId, spanId, parentSpanId = '', name }) => ({
        from: 'app' as const,
        traceId,
        spanId,
        parentSpanId,
        name,
        service: named?.value.stringValue ?? ''
      }))
  })
}

/** Zipkin's v2 JSON, https://zipkin.io/zipkin-api/ */
function fromZipkin(body: string): readonly CollectedSpan[] {
  const sent = JSON.parse(body) as readonly {
    readonly traceId: string
    readonly id: string
    readonly parentId?: string
    readonly name?: string
    readonly localEndpoint?: { readonly serviceName?: string }
  }[]
  return sent.map(({ traceId, id, parentId = '', name = '', localEndpoint }) => ({
    from: 'proxy',
    traceId: traceId.padStart(32, '0'),
    spanId: id,
    parentSpanId: parentId,
    name,
    service: localEndpoint?.serviceName ?? ''
  }))
}

/** ExportTraceServiceRequest in a gRPC frame, by the field numbers of opentelemetry/proto/trace/v1/trace.proto. */
function fromOtlpGrpc(frame: Buffer): readonly CollectedSpan[] {
  const request = frame.subarray(5)
  return all(request, 1).flatMap(resourceSpans => {
    const [resource = Buffer.alloc(0)] = all(resourceSpans, 1)
    const named = all(resource, 1).find(attribute => text(attribute, 1) === 'service.name')
    const [value = Buffer.alloc(0)] = named === undefined ? [] : all(named, 2)
    const service = text(value, 1)
    return all(resourceSpans, 2)
      .flatMap(scope => all(scope, 2))
      .map(span => ({
        from: 'proxy' as const,
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentSpanId: hex(span, 4),
        name: text(span, 5),
        service
      }))
  })
}

const text = (message: Buffer, field: number): string => all(message, field)[0]?.toString() ?? ''
const hex = (message: Buffer, field: number): string => all(message, field)[0]?.toString('hex') ?? ''

/** The values of a field that have a length, of a message in protobuf's wire format. */
function all(message: Buffer, field: number): readonly Buffer[] {
  const values: Buffer[] = []
  let at = 0
  const varint = () => {
    let value = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++] ?? 0
      value += (byte & 127) * shift
      if (byte < 128) return value
    }
  }
  while (at < message.length) {
    const tag = varint()
    const kind = tag % 8
    if (kind === 0) varint()
    else if (kind === 1) at += 8
    else if (kind === 5) at += 4
    else {
      const length = varint()
      if (Math.floor(tag / 8) === field) values.push(message.subarray(at, at + length))
      at += length
    }
  }
  return values
}
