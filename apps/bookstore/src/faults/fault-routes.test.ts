import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { buildShop, type Shop } from '../../test/build-shop.ts'
import { createFaultSwitch } from './fault-switch.ts'

const faultyShop = () => buildShop({ app: { faults: createFaultSwitch() } })
const put = (shop: Shop, payload: unknown, headers: Record<string, string> = {}) =>
  shop.app.inject({
    method: 'PUT',
    url: '/api/faults',
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(payload)
  })
const buy = (shop: Shop) => shop.app.inject('/buy-a-book/new')

describe('/api/faults', () => {
  test('has purchases answered with an error, sells none of them, and says so on the page and in a header', async () => {
    await using shop = faultyShop()
    const set = await put(shop, { abort: { status: 503, percent: 100 }, seconds: 30 })
    expect(set.json()).toMatchObject({ abort: { status: 503, percent: 100 }, secondsLeft: 30 })
    const answer = await buy(shop)
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ code: 'FAULT_ON_DEMAND' })
    expect(answer.headers).toMatchObject({
      'bookstore-instance': 'instance-1',
      'bookstore-faults': 'answers 503 to 100 % of purchases'
    })
    expect(shop.store.current()).toMatchObject({ sold: 0, counter: 0 })
    expect((await shop.app.inject('/')).body).toContain('Misbehaves on demand: it answers 503 to 100 % of purchases.')
    expect((await shop.app.inject('/api/faults')).json().seen).toMatchObject({ requests: 1, aborted: 1 })
  })

  test('has a store say that it is not ready, which sells all the same', async () => {
    await using shop = faultyShop()
    await put(shop, { unready: true })
    const probe = await shop.app.inject('/readiness')
    expect(probe.statusCode).toBe(503)
    expect(probe.json()).toMatchObject({ reasons: { faults: 'on demand (/api/faults)' } })
    expect((await buy(shop)).statusCode).toBe(200)
    await shop.app.inject({ method: 'DELETE', url: '/api/faults' })
    expect((await shop.app.inject('/readiness')).statusCode).toBe(200)
  })

  test('DELETE ends it', async () => {
    await using shop = faultyShop()
    await put(shop, { abort: { status: 500, percent: 100 } })
    expect((await shop.app.inject({ method: 'DELETE', url: '/api/faults' })).json()).toMatchObject({ abort: null })
    const answer = await buy(shop)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['bookstore-faults']).toBeUndefined()
    expect((await shop.app.inject('/')).body).not.toContain('Misbehaves')
  })

  test('whoever leaves while a late store waits has not bought', async () => {
    await using shop = faultyShop()
    await put(shop, { delay: { ms: 500, percent: 100 } })
    await shop.app.listen({ port: 0, host: '127.0.0.1', listenTextResolver: () => '' })
    const { port } = shop.app.server.address() as AddressInfo
    const buyer = connect(port, '127.0.0.1')
    buyer.write('GET /buy-a-book/new HTTP/1.1\r\nHost: x\r\n\r\n')
    const seen = async () => (await shop.app.inject('/api/faults')).json().seen
    await expect.poll(async () => (await seen()).delayed).toBe(1)
    buyer.destroy()
    await once(buyer, 'close')
    // this one waits longer than the one that left would have
    expect((await buy(shop)).headers['booksbought']).toBe('1')
    expect(shop.store.current().sold).toBe(1)
  })

  test('is closed where the store has no switch', async () => {
    await using shop = buildShop()
    expect((await put(shop, {})).statusCode).toBe(403)
    expect((await shop.app.inject('/api/faults')).json()).toMatchObject({ code: 'FAULTS_OFF' })
  })

  test('is refused to a page of another site', async () => {
    await using shop = faultyShop()
    const answer = await put(shop, { abort: { status: 503, percent: 100 } }, { origin: 'http://evil.example' })
    expect(answer.statusCode).toBe(403)
    expect((await buy(shop)).statusCode).toBe(200)
  })

  test.each([
    [{ abort: { status: 503, percent: 500 } }, 'abort.percent: expected a number from 0 to 100, got 500'],
    [{ seconds: 601 }, 'seconds: expected a whole number from 1 to 600, got 601'],
    [[], 'expected a JSON object such as {"abort":{"status":503,"percent":30}}']
  ])('%j is a 400 that says why', async (body, message) => {
    await using shop = faultyShop()
    const answer = await put(shop, body)
    expect(answer.statusCode).toBe(400)
    expect(answer.json().message).toBe(message)
  })
})
