import { errors } from 'undici'
import { describe, expect, test } from 'vitest'
import { outcomeOfAnswer, outcomeOfError } from './outcome.ts'

const answer = (status: number, headers: Record<string, string> = {}, body = '') =>
  outcomeOfAnswer({ status, headers, body })

describe('an answer', () => {
  test.each([
    ['bookstore-v1', 'bookstore-v1'],
    ['bookstore-v10', 'bookstore-v10'],
    ['bookstore-v2-canary', 'bookstore-v2'],
    ['unidentified', 'unidentified']
  ])('of 200 with identity %s is bought from %s', (identity, version) => {
    expect(answer(200, { identity })).toEqual({ kind: 'bought', version })
  })

  test('of 200 without identity is bought from somebody unidentified', () => {
    expect(answer(200)).toEqual({ kind: 'bought', version: 'unidentified' })
  })

  test('a hostile identity is bounded', () => {
    const outcome = answer(200, { identity: `<script>\u0007${'x'.repeat(300)}` })
    expect(outcome).toMatchObject({ kind: 'bought', version: expect.stringMatching(/^.{63}$/) })
  })

  test.each([
    [403, {}, 'RBAC: access denied', '403 RBAC: access denied'],
    [403, { 'l5d-proxy-error': 'unauthorized' }, '', "403 from Linkerd's proxy"],
    [403, {}, '', '403'],
    [401, {}, '', '401'],
    [404, { server: 'envoy' }, '', '404 from the proxy']
  ])('of %i is denied', (status, headers, body, how) => {
    expect(answer(status, headers, body)).toEqual({ kind: 'denied', how })
  })

  test.each([
    [404, { identity: 'bookstore-v1' }, '', '404'],
    [500, { identity: 'bookstore-v1' }, '', '500'],
    [503, { server: 'envoy' }, 'no healthy upstream', '503 no healthy upstream'],
    [503, { server: 'envoy' }, '', '503 from the proxy'],
    [301, {}, '', '301']
  ])('of %i that no policy made is a failure', (status, headers, body, why) => {
    expect(answer(status, headers, body)).toEqual({ kind: 'failed', why })
  })
})

describe('no answer', () => {
  const withCode = (code: string) => Object.assign(new Error(code), { code })

  test('a closed connection is a denial while a proxy may stand in the way', () => {
    for (const code of ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']) {
      expect(outcomeOfError(withCode(code), 'present').kind).toBe('denied')
      expect(outcomeOfError(withCode(code), 'unknown').kind).toBe('denied')
      expect(outcomeOfError(withCode(code), 'absent').kind).toBe('failed')
    }
  })

  test('under the local mesh a closed socket is a store that went away, and only a close without a socket a denial', () => {
    const socket = { remoteAddress: '127.0.0.1', remotePort: 14011 }
    const closed = Object.assign(new errors.SocketError('other side closed'), { socket })
    expect(outcomeOfError(closed, 'in-process').kind).toBe('failed')
    expect(outcomeOfError(withCode('ECONNRESET'), 'in-process').kind).toBe('failed')
    const denied = new errors.SocketError('other side closed')
    expect(outcomeOfError(denied, 'in-process').kind).toBe('denied')
  })

  test.each([
    ['ECONNREFUSED', 'connection refused'],
    ['ENOTFOUND', 'unknown host'],
    ['UND_ERR_HEADERS_TIMEOUT', 'no answer in time'],
    ['ESOMETHING', 'ESOMETHING']
  ])('%s is a failure, with or without a proxy', (code, why) => {
    expect(outcomeOfError(withCode(code), 'present')).toEqual({ kind: 'failed', why })
  })
})
