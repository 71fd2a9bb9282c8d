import Fastify from 'fastify'
import { describe, expect, test } from 'vitest'
import { createSameOriginCheck } from './same-origin.ts'

async function post(headers: Record<string, string>, allowedHosts: string[] = []): Promise<number> {
  await using app = Fastify()
  app.post('/', { onRequest: createSameOriginCheck(allowedHosts) }, async () => 'done')
  return (await app.inject({ method: 'POST', url: '/', headers })).statusCode
}

describe('a state-changing request passes', () => {
  test.each([
    ['from a tool without an origin', { host: 'anything.example' }],
    ['from our page on localhost', { host: 'localhost:8081', origin: 'http://localhost:8081' }],
    ['from our page by address', { host: '10.0.0.7:14001', origin: 'http://10.0.0.7:14001' }],
    ['from our page by IPv6 address', { host: '[::1]:14001', origin: 'http://[::1]:14001' }],
    [
      'from our page in a cluster',
      { host: 'bookbuyer.bookbuyer.svc:14001', origin: 'http://bookbuyer.bookbuyer.svc:14001' }
    ],
    ['typed by the person', { host: 'localhost', 'sec-fetch-site': 'none' }]
  ])('%s', async (_name, headers) => {
    expect(await post(headers)).toBe(200)
  })

  test('from a further host that is named', async () => {
    const headers = { host: 'books.example.org', origin: 'https://books.example.org' }
    expect(await post(headers, ['books.example.org'])).toBe(200)
    expect(await post(headers)).toBe(403)
  })
})

describe('a state-changing request is refused', () => {
  test.each([
    ['from another site', { host: 'localhost', origin: 'http://evil.example' }],
    ['from another port', { host: 'localhost:14001', origin: 'http://localhost:3000' }],
    ['from a sandboxed frame', { host: 'localhost', origin: 'null' }],
    ['marked cross-site', { host: 'localhost', 'sec-fetch-site': 'cross-site' }],
    ['to a rebound name', { host: 'evil.example', origin: 'http://evil.example' }],
    ['to a name that cannot be read', { host: 'a b', origin: 'http://a b' }]
  ])('%s', async (_name, headers) => {
    expect(await post(headers)).toBe(403)
  })
})
