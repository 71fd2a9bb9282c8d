import { afterAll, beforeAll, expect, test } from 'vitest'
import { testPages } from './page-suite.ts'
import { send } from './send.ts'
import { type Shop, startNamed, startShop } from './shop.ts'
import { testFraming, testGenerated } from './wire-suite.ts'

// one shop for all of this: processes cost more than the tests
let shop: Shop
beforeAll(async () => {
  shop = await startShop()
})
afterAll(() => shop?.[Symbol.asyncDispose]())

testFraming(() => shop)
testPages(() => shop)

test('GET /reset is open, as the contract wants it, and RESET=off closes it', async () => {
  expect((await send(`${shop.bookstore.url}/reset`)).status).toBe(200)
  const env = {
    RESET: 'off',
    BOOKSTORE_URL: shop.bookstore.url,
    BOOKWAREHOUSE_URL: 'http://127.0.0.1:9'
  }
  const names = ['bookstore', 'bookbuyer'] as const
  const closed = await Promise.all(names.map(name => startNamed(name, env)))
  for (const app of closed) {
    expect((await send(`${app.url}/reset`)).status).toBe(403)
    await app.stop('SIGKILL')
  }
})

testGenerated(() => shop)
