import { describe, expect, test } from 'vitest'
import { buildShop } from '../test/build-shop.ts'

const post = (payload: string, headers: Record<string, string> = {}) =>
  ({ method: 'POST', url: '/books-bought', payload, headers }) as const

describe('POST /books-bought', () => {
  test.each(['0', '7', ' 12\n', '9007199254740991'])('%j sets the counter', async body => {
    await using shop = buildShop()
    const answer = await shop.app.inject(post(body))
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['booksbought']).toBe(`${Number(body)}`)
    expect(answer.body).toContain(`Books sold: ${Number(body)}`)
    expect((await shop.app.inject('/raw')).json()).toEqual({ booksSold: Number(body) })
  })

  test.each([
    ['-1', '-1'],
    ['1.5', '1.5'],
    ['1e400', '1e400'],
    ['1e2', '1e2'],
    ['007', '007'],
    ['"x"', '"x"'],
    ['"5"', '"5"'],
    ['{}', '{}'],
    ['null', 'null'],
    ['[1]', '[1]'],
    ['5 6', '5 6'],
    ['9007199254740992', '9007199254740992'],
    ['', 'an empty body']
  ])('%j is a 400 that names it, and changes nothing', async (body, named) => {
    await using shop = buildShop()
    await shop.app.inject(post('4'))
    const answer = await shop.app.inject(post(body))
    expect(answer.statusCode).toBe(400)
    const { message } = answer.json()
    expect(message).toMatch(/^expected a JSON integer from 0 to 9007199254740991/)
    expect(message.endsWith(`got ${named}`)).toBe(true)
    expect((await shop.app.inject('/raw')).json()).toEqual({ booksSold: 4 })
  })

  test('without any body is a 400', async () => {
    await using shop = buildShop()
    const answer = await shop.app.inject({ method: 'POST', url: '/books-bought' })
    expect(answer.statusCode).toBe(400)
  })

  test.each([
    [413, '1'.repeat(2_000_000), 'application/json'],
    [415, '<books>5</books>', 'application/xml']
  ])('answers %d in JSON and changes nothing', async (status, body, type) => {
    await using shop = buildShop()
    const answer = await shop.app.inject(post(body, { 'content-type': type }))
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toMatchObject({ statusCode: status, message: expect.any(String) })
    expect(shop.store.current().counter).toBe(0)
  })

  test('does not change what was sold', async () => {
    await using shop = buildShop()
    await shop.app.inject('/buy-a-book/new')
    await shop.app.inject(post('100'))
    const { headers } = await shop.app.inject('/buy-a-book/new')
    expect(headers).toMatchObject({ booksbought: '101', 'bookstore-sold': '2' })
  })
})

describe('GET /reset', () => {
  test('sets the counter to 0', async () => {
    await using shop = buildShop()
    await shop.app.inject('/buy-a-book/new')
    const answer = await shop.app.inject('/reset')
    expect(answer.statusCode).toBe(200)
    expect(answer.body).toContain('Books sold: 0')
    expect(shop.store.current()).toMatchObject({ counter: 0, sold: 1 })
  })

  test('is closed by RESET=off and says so', async () => {
    await using shop = buildShop({ app: { isResetAllowed: false } })
    await shop.app.inject('/buy-a-book/new')
    const answer = await shop.app.inject('/reset')
    expect(answer.statusCode).toBe(403)
    expect(answer.json().message).toContain('RESET=off')
    expect(shop.store.current().counter).toBe(1)
  })

  test('is not done by HEAD', async () => {
    await using shop = buildShop()
    expect((await shop.app.inject({ method: 'HEAD', url: '/reset' })).statusCode).toBe(405)
  })
})

describe('a page of another site', () => {
  test.each([
    post('5', { 'sec-fetch-site': 'cross-site' }),
    post('5', { origin: 'https://evil.example', host: 'localhost:8081' }),
    post('5', { origin: 'null', host: 'localhost:8081' }),
    post('5', { origin: 'http://rebound.example', host: 'rebound.example' })
  ])('cannot change the counter: %j', async request => {
    await using shop = buildShop()
    await shop.app.inject(post('3'))
    expect((await shop.app.inject(request)).statusCode).toBe(403)
    expect(shop.store.current()).toMatchObject({ counter: 3, sold: 0 })
  })

  test.each([
    post('5', { origin: 'http://localhost:8081', host: 'localhost:8081' }),
    post('5', { origin: 'http://shop.example', host: 'shop.example' }),
    { url: '/reset', headers: { 'sec-fetch-site': 'cross-site', host: 'localhost:8081' } }
  ])('is not what this is: %j', async request => {
    await using shop = buildShop({ app: { allowedHosts: ['shop.example'] } })
    expect((await shop.app.inject(request)).statusCode).toBe(200)
  })
})
