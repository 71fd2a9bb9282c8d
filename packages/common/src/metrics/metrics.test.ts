import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { Histogram } from 'prom-client'
import { expect, test } from 'vitest'
import { silentLogs } from '../logger.ts'
import { createReadiness } from '../readiness.ts'
import { createServer } from '../server.ts'
import { createHistogram } from './histogram.ts'
import { buildMetricsApp } from './metrics-app.ts'
import { renderOpenMetrics } from './open-metrics.ts'
import { createRegistry } from './registry.ts'
import { createRequestMetrics } from './request-metrics.ts'
import { createTally } from './tally.ts'

const { logger } = silentLogs()

function service() {
  const registry = createRegistry({ app: 'bookstore', identity: 'bookstore-v1' })
  const app = createServer({ logger, readiness: createReadiness(), requestMetrics: createRequestMetrics(registry) })
  app.get('/books-bought', async () => 'ok')
  const lines = async () => (await registry.metrics()).split('\n')
  const counts = async () => (await lines()).filter(line => /^http_server_request_duration_seconds_count/.test(line))
  return { registry, app, lines, counts }
}

test('requests are counted by method, route and status, and probes are not among them', async () => {
  const { app, counts } = service()
  await app.inject('/books-bought')
  for (const probe of ['/liveness', '/readiness', '/startup']) await app.inject(probe)
  expect(await counts()).toEqual([
    'http_server_request_duration_seconds_count{http_request_method="GET",http_route="/books-bought",http_response_status_code="200"} 1'
  ])
  await app.close()
})

test('ten thousand random paths, methods and hosts leave the series bounded', async () => {
  const { app, counts, lines } = service()
  const text = () => randomBytes(6).toString('hex')
  const methods = ['GET', 'PUT', 'PATCH', 'MKCALENDAR', 'PURGE']
  for (let index = 0; index < 10_000; index++) {
    const method = methods[index % methods.length] as 'GET'
    await app.inject({ method, url: `/${text()}?version=${text()}`, headers: { host: text(), 'user-agent': text() } })
  }
  const seen = (await counts()).map(line => [/method="(\w+)"/.exec(line)?.[1], Number(line.split(' ').at(-1))])
  expect(seen.toSorted()).toEqual([
    ['GET', 2_000],
    ['PATCH', 2_000],
    ['PUT', 2_000],
    ['_OTHER', 4_000]
  ])
  expect((await lines()).length).toBeLessThan(400)
  await app.close()
})

test('what cannot be read as HTTP is counted', async () => {
  const { app, lines } = service()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nbad header\r\n\r\n')
  socket.resume()
  await once(socket, 'close')
  expect(await lines()).toContain('bookstore_http_malformed_requests_total{http_response_status_code="400"} 1')
  await app.close()
})

test('no gauge has the suffix of a counter', async () => {
  const { registry } = service()
  const families = [...(await registry.metrics()).matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  expect(families.filter(([, name = '', type]) => name.endsWith('_total') && type !== 'counter')).toEqual([])
})

test('the build and the identity are told', async () => {
  const { lines } = service()
  expect((await lines()).find(line => line.startsWith('bookstore_build_info{'))).toMatch(
    /service_name="bookstore",identity="bookstore-v1",build_version="\d+\.\d+\.\d+"/
  )
})

test('who asks for OpenMetrics gets exemplars, and the older format keeps its names', async () => {
  const { registry } = service()
  const row = createHistogram({ registry, name: 'x_seconds', help: 'X.', buckets: [0.1, 1], labelNames: ['a'] })({
    a: 'b'
  })
  row.observe(0.05, '4bf92f3577b34da6a3ce929d0e0e4736')
  row.observe(5)
  new Histogram({ name: 'y_seconds', help: 'Y.', registers: [registry] }).observe(1)
  const app = buildMetricsApp(registry, logger)
  const open = await app.inject({ url: '/metrics', headers: { accept: 'application/openmetrics-text; version=1.0.0' } })
  expect(open.headers['content-type']).toContain('application/openmetrics-text')
  expect(open.body).toMatch(
    /^x_seconds_bucket\{a="b",le="0\.1"\} 1 # \{trace_id="4bf92f3577b34da6a3ce929d0e0e4736"\} 0\.05 \d+\.\d+$/m
  )
  expect(open.body).toContain('x_seconds_bucket{a="b",le="+Inf"} 2\n')
  expect(open.body).toContain('y_seconds_bucket{le="1"} 1\n')
  expect(open.body).toContain(
    '# TYPE bookstore_http_malformed_requests counter\nbookstore_http_malformed_requests_total{'
  )
  expect(open.body.endsWith('\n# EOF\n')).toBe(true)
  const older = await app.inject('/metrics')
  expect(older.body).toContain('# TYPE bookstore_http_malformed_requests_total counter')
  expect(older.body).not.toContain('trace_id')
  expect(await renderOpenMetrics(registry)).toContain('# EOF')
  await app.close()
})

test('a tally gives each of its rows at every look, from zero on, and never goes back', async () => {
  const registry = createRegistry({ app: 'bookstore', identity: 'bookstore-v1' })
  const rows = createTally({ registry, name: 'books_total', help: 'Books.', labelNames: ['shelf'] })
  const [oak, ash] = [rows({ shelf: 'oak' }), rows({ shelf: 'ash' })]
  const look = async () => (await registry.getSingleMetricAsString('books_total')).split('\n').slice(2)
  oak.add()
  oak.add()
  const first = ['books_total{shelf="oak"} 2', 'books_total{shelf="ash"} 0']
  expect(await look()).toEqual(first)
  expect(await look()).toEqual(first)
  ash.add()
  expect(await look()).toEqual(['books_total{shelf="oak"} 2', 'books_total{shelf="ash"} 1'])
})
