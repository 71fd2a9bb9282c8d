import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Snapshot } from '@bookstore/contract'
import { startApp, waitFor } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { json } from './json.ts'

test('a buyer judges the split of a service that knows nothing of bookstores', async () => {
  const paths = new Set<string>()
  let asked = 0
  const server = createServer(({ url = '' }, response) => {
    paths.add(url)
    response.end(JSON.stringify({ build: { version: ++asked % 10 === 0 ? 'canary' : 'stable' } }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    await using buyer = await startApp({
      main: 'apps/bookbuyer/src/main.ts',
      env: {
        BOOKSTORE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        PURCHASE_PATH: '/about',
        VERSION_SOURCE: 'field:build.version',
        EXPECTED_SPLIT: 'stable=90,canary=10',
        CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0'
      }
    })
    await fetch(`${buyer.url}/api/burst`, { method: 'POST', body: '{"purchases":3000,"concurrency":8}' })
    const { verdict } = await waitFor(
      async () => {
        const now = await json<Snapshot>(`${buyer.url}/api/snapshot`)
        return now.verdict.status !== 'pending' && now
      },
      { what: 'a verdict' }
    )
    expect(verdict.reason).toMatch(/^matches 90\/10/)
    expect([...paths]).toEqual(['/about'])
  } finally {
    server.close()
  }
})
