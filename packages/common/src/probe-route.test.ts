import { PROBE_HEADER, type ProbeReport } from '@bookstore/contract'
import type { Dispatcher } from 'undici'
import { expect, test } from 'vitest'
import { silentLogs } from './logger.ts'
import { addProbe, type ProbeWay } from './probe-route.ts'
import { createReadiness } from './readiness.ts'
import { createSameOriginCheck } from './same-origin.ts'
import { createServer } from './server.ts'

const logger = silentLogs().logger

/** A peer that answers for all Services, and a way that leads each request to it. */
async function peer() {
  const seen: { path: string; method: string; probe: unknown; host: unknown }[] = []
  const app = createServer({ logger, readiness: createReadiness() })
  app.all('*', async ({ url, method, headers }, reply) => {
    seen.push({ path: url, method, probe: headers[PROBE_HEADER], host: headers.host })
    if (url === '/restock-books') return reply.status(403).send('RBAC: access denied')
    return reply.header('Identity', 'bookstore-v7').send('a page')
  })
  const origin = await app.listen({ host: '127.0.0.1', port: 0 })
  const closed: string[] = []
  const lead: Dispatcher.DispatcherComposeInterceptor = dispatch => (request, handler) =>
    dispatch({ ...request, origin }, handler)
  const way = (interceptor = lead): ProbeWay => ({ interceptors: [interceptor], close: () => void closed.push('way') })
  return { app, seen, closed, way }
}

function prober(open: () => ProbeWay) {
  const app = createServer({ logger, readiness: createReadiness() })
  addProbe(app, { source: 'bookstore-v1', open, sameOrigin: createSameOriginCheck([]) })
  const probe = () => app.inject({ method: 'POST', url: '/api/probe' })
  return { app, probe }
}

test('tries every peer but itself, marked as a probe, and tells who answered and what a proxy said', async () => {
  const other = await peer()
  const { app, probe } = prober(() => other.way())
  const answer = await probe()
  expect(answer.statusCode).toBe(200)
  const { source, results } = answer.json<ProbeReport>()
  expect(source).toBe('bookstore-v1')
  expect(results).toEqual([
    { to: 'bookstore-v2', method: 'GET', path: '/books-bought', status: 200, by: 'bookstore-v7', detail: '' },
    { to: 'bookstore-v2', method: 'GET', path: '/buy-a-book/new', status: 200, by: 'bookstore-v7', detail: '' },
    {
      to: 'bookwarehouse',
      method: 'POST',
      path: '/restock-books',
      status: 403,
      by: null,
      detail: 'RBAC: access denied'
    }
  ])
  expect(other.seen.map(({ probe }) => probe)).toEqual(['1', '1', '1'])
  expect(other.seen.map(({ host }) => host)).toContain('bookstore-v2.bookstore.svc.cluster.local:14001')
  expect(other.closed).toEqual(['way'])
  await app.close()
  await other.app.close()
})

test('a peer that cannot be reached is told by the code of the error', async () => {
  const other = await peer()
  const nowhere: Dispatcher.DispatcherComposeInterceptor = dispatch => (request, handler) =>
    dispatch({ ...request, origin: 'http://127.0.0.1:1' }, handler)
  const { app, probe } = prober(() => other.way(nowhere))
  const { results } = (await probe()).json<ProbeReport>()
  expect(results.map(({ status, by, detail }) => ({ status, by, detail }))).toEqual(
    results.map(() => ({ status: null, by: null, detail: 'ECONNREFUSED' }))
  )
  await app.close()
  await other.app.close()
})

test('one probe at a time, and none for a page of another site', async () => {
  const other = await peer()
  const { app, probe } = prober(() => other.way())
  const codes = (await Promise.all([probe(), probe()])).map(({ statusCode }) => statusCode)
  expect(codes.toSorted()).toEqual([200, 409])
  const foreign = { 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' }
  expect((await app.inject({ method: 'POST', url: '/api/probe', headers: foreign })).statusCode).toBe(403)
  await app.close()
  await other.app.close()
})
