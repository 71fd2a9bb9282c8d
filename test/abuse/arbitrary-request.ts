import fc from 'fast-check'

/** Paths that our services know, so that generated requests meet more than the 404. */
const PATHS = [
  '/',
  '/raw',
  '/reset',
  '/books-bought',
  '/buy-a-book/new',
  '/restock-books',
  '/liveness',
  '/readiness',
  '/startup',
  '/api/ledger',
  '/api/snapshot',
  '/api/verdict',
  '/api/timeline',
  '/api/schema',
  '/api/events',
  '/api/burst',
  '/api/declared',
  '/burst',
  '/declare'
]

// any byte but those that would end the line, which are sent on purpose elsewhere
const bytes = (maxLength: number) =>
  fc
    .array(fc.integer({ min: 1, max: 255 }), { maxLength })
    .map(codes => String.fromCharCode(...codes.filter(code => code !== 10 && code !== 13)))

const token = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(...'aZ-09_.!~') })

const query = fc.oneof(
  fc.constantFrom('', '', '?', '?view=page', '?view=__proto__', '?seconds=-1', '?seconds=1e9', '?a[]=1'),
  fc.webQueryParameters().map(text => `?${text}`)
)

const target = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(...PATHS), query).map(parts => parts.join('')) },
  { weight: 2, arbitrary: fc.webPath().map(path => path || '/') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '*',
      '//',
      '/%00',
      '/%',
      '/%ff%fe',
      '/../../etc/passwd',
      '/raw/../reset',
      'http://evil.example/raw',
      'evil.example:80',
      `/${'a'.repeat(9_000)}`,
      `/raw?${'a=1&'.repeat(3_000)}`
    )
  },
  { weight: 1, arbitrary: bytes(60).map(text => `/${text.replaceAll(' ', '')}`) }
)

const method = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'OPTIONS', 'PATCH')
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('TRACE', 'CONNECT', 'PROPFIND', 'get', 'QUERY', 'PRI', 'X'.repeat(300))
  },
  { weight: 1, arbitrary: token }
)

const version = fc.oneof(
  { weight: 12, arbitrary: fc.constant('HTTP/1.1') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/2.0', 'HTTP/9.9', 'HTTP/1.1 ', 'http/1.1', '')
  }
)

/** Headers that a parser lets through, and that somebody further in has to bear. */
const ODD_BUT_LEGAL = [
  'Connection: close',
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x',
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk',
  'Expect: 100-continue',
  'Expect: miracles',
  'Origin: https://evil.example',
  'Origin: null',
  'Sec-Fetch-Site: cross-site',
  'Host: second.example',
  'Content-Type: application/json',
  'Content-Type: multipart/form-data; boundary=x',
  'Content-Type: ;;;',
  'Content-Encoding: gzip',
  'Idempotency-Key: "a"',
  'Idempotency-Key: "unfinished',
  'Retry-After: -1',
  `X-Request-Id: ${'i'.repeat(5_000)}`,
  'traceparent: 00-00000000000000000000000000000000-0000000000000000-00',
  `b3: ${'0'.repeat(600)}`
]

const header = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(...ODD_BUT_LEGAL, 'X-Folded: one\r\n two', 'No-Colon', ': no name', 'Space : before')
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('Idempotency-Key', 'Identity', 'User-Agent', 'X-Request-Id', 'uber-trace-id', 'Host'),
        bytes(200)
      )
      .map(([name, value]) => `${name}: ${value}`)
  },
  { weight: 1, arbitrary: fc.tuple(token, bytes(80)).map(([name, value]) => `${name}: ${value}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(`X-Large: ${'x'.repeat(20_000)}`, 'X-Many: 1\r\n'.repeat(2_500).trimEnd())
  }
)

const body = fc.oneof(
  fc.constant(''),
  fc.maxSafeInteger().map(String),
  fc.json({ maxDepth: 4 }),
  fc.constantFrom(
    '1e308',
    '-0',
    '1.0',
    ' 7 ',
    '٣',
    '"5"',
    '\u0000',
    '{"__proto__":{"x":1}}',
    '{"purchases":1e9,"concurrency":-1}',
    '{"split":"bookstore-v1=1e400"}',
    `{"split":${JSON.stringify('v=1,'.repeat(900))}}`,
    'split=%zz&split=2',
    '['.repeat(8_000),
    '9'.repeat(16_000),
    'x'.repeat(40_000)
  ),
  bytes(200)
)

const chunked = (text: string) =>
  text === '' ? '0\r\n\r\n' : `${Buffer.byteLength(text, 'latin1').toString(16)}\r\n${text}\r\n0\r\n\r\n`

/** Framing headers and the bytes that follow the head: right, wrong, and contradictory. */
const framed = fc.tuple(body, fc.nat(15)).map(([text, kind]) => {
  const length = Buffer.byteLength(text, 'latin1')
  const shapes = [
    [`Content-Length: ${length}`, text],
    [`Content-Length: ${length}`, text],
    ['Transfer-Encoding: chunked', chunked(text)],
    [`Content-Length: ${length + 7}`, text],
    [`Content-Length: ${Math.max(0, length - 3)}`, text],
    [`Content-Length: ${length}\r\nContent-Length: ${length + 1}`, text],
    [`Content-Length: ${length}\r\nContent-Length: ${length}`, text],
    ['Content-Length: -1', text],
    ['Content-Length: 0x10', text],
    ['Content-Length: 99999999999999999999', text],
    [`Content-Length: ${length}\r\nTransfer-Encoding: chunked`, chunked(text)],
    ['Transfer-Encoding: chunked, chunked', chunked(text)],
    ['Transfer-Encoding: xchunked', chunked(text)],
    ['Transfer-Encoding:\r\n chunked', chunked(text)],
    ['Transfer-Encoding: chunked', `fffffffffffffffff\r\n${text}`],
    ['Transfer-Encoding: chunked', `1;${'e'.repeat(20_000)}\r\nx\r\n0\r\n\r\n`]
  ]
  const [head = '', rest = ''] = shapes[kind] ?? []
  return { head, rest }
})

const host = fc.constantFrom('Host: localhost', 'Host: localhost', 'Host: bookstore:14001', 'Host:', '')

/** A request that HTTP can be heard in, whatever it asks for. */
const plainRequest = fc
  .tuple(
    fc.constantFrom('GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'OPTIONS', 'PATCH'),
    fc.tuple(fc.constantFrom(...PATHS), query).map(parts => parts.join('')),
    fc.array(fc.constantFrom(...ODD_BUT_LEGAL), { maxLength: 3 }),
    fc.option(body)
  )
  .map(([verb, path, headers, text]) => {
    const length = text === null ? [] : [`Content-Length: ${Buffer.byteLength(text, 'latin1')}`]
    const head = [`${verb} ${path} HTTP/1.1`, 'Host: localhost', ...headers, ...length]
    return `${head.join('\r\n')}\r\n\r\n${text ?? ''}`
  })

/** A request of which every part may be wrong. */
const brokenRequest = fc
  .tuple(method, target, version, host, fc.array(header, { maxLength: 4 }), fc.option(framed))
  .map(([verb, path, protocol, hostLine, headers, withBody]) => {
    const line = `${verb} ${path} ${protocol}`
    const head = [line, hostLine, ...headers, withBody?.head ?? ''].filter(text => text !== '')
    return `${head.join('\r\n')}\r\n\r\n${withBody?.rest ?? ''}`
  })

/** The bytes of one request, as latin1. */
const request = fc.oneof({ weight: 3, arbitrary: plainRequest }, { weight: 2, arbitrary: brokenRequest })

/** One connection's worth of bytes: up to four requests one behind the other, cut into pieces anywhere. */
export const connectionBytes: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.oneof(
      {
        weight: 12,
        arbitrary: fc.array(request, { minLength: 1, maxLength: 4 }).map(all => all.join(''))
      },
      { weight: 1, arbitrary: bytes(300) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('\r\n\r\n', '\u0016\u0003\u0001\u0002', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
      }
    ),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 })
  )
  .map(([text, cuts]) => cutAt(text, cuts))

function cutAt(text: string, cuts: readonly number[]): string[] {
  const ends = [...cuts.map(cut => Math.floor(cut * text.length)), text.length].sort((a, b) => a - b)
  return ends.map((end, at) => text.slice(ends[at - 1] ?? 0, end)).filter(piece => piece !== '')
}
