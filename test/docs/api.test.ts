import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createReadiness, createServer, silentLogs } from '@bookstore/common'
import { expect, test } from 'vitest'
import type { ShopperControls } from '../../packages/shopper/src/api/controls.ts'
import { addShopperRoutes } from '../../packages/shopper/src/api/routes.ts'

/** `METHOD /path` of everything that shoppers answer; HEAD goes with GET. */
function shopperRoutes(): readonly string[] {
  const routes: string[] = []
  const app = createServer({ logger: silentLogs().logger, readiness: createReadiness() })
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.push(`${one} ${url}`)
  })
  addShopperRoutes(app, {
    role: 'bookbuyer',
    // only registered here, never asked
    controls: {} as ShopperControls,
    page: { headers: {}, render: () => '', liveEvent: () => '', assets: {} },
    isResetOpen: true,
    sameOrigin: async () => undefined
  })
  return routes
}

test('docs/api.md has every route of the API, and no other', async () => {
  const page = await readFile(join(import.meta.dirname, '../../docs/api.md'), 'utf8')
  const documented = [...page.matchAll(/`(GET|POST|PUT|DELETE) (\/api\/[a-z]+(?:\/[a-z]+)*)/g)].map(
    ([, method, path]) => `${method} ${path}`
  )
  // the stores' own
  const ofShoppers = new Set(documented.filter(route => route !== 'GET /api/ledger'))
  const real = shopperRoutes().filter(route => route.includes(' /api/'))
  expect([...ofShoppers].sort()).toEqual(real.toSorted())
})
