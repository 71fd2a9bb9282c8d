import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { testContext } from '../../test/test-context.ts'
import { runCli } from '../cli.ts'

/** One server that answers as everybody who keeps books; `bought` is what buyer and store say at each reading. */
async function startBookKeepers(bought: () => number) {
  const server = createServer(({ url }, response) => {
    const sold = bought()
    const stores = [{ instance: 'i1', boughtHere: sold }]
    const answers: Readonly<Record<string, object>> = {
      '/buyer/api/snapshot': { app: 'bookbuyer', counts: {}, verdict: {}, declared: {}, ledger: { stores } },
      '/thief/api/snapshot': { app: 'bookthief', counts: {}, verdict: {}, declared: {}, ledger: { stores: [] } },
      '/store/api/ledger': { instance: 'i1', identity: 'bookstore-v1', sold, restocked: sold, outbox: 0, dropped: 0 },
      '/warehouse/raw': { totalBooks: sold }
    }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answers[url ?? '']))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: (name: string) => `http://127.0.0.1:${port}/${name}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}

async function reconcile(bought: () => number) {
  await using keepers = await startBookKeepers(bought)
  const context = testContext()
  const addresses = ['buyer', 'thief', 'store', 'warehouse'].flatMap(name => [`--${name}`, keepers.url(name)])
  const code = await runCli(['reconcile', ...addresses, '--wait', '0.3s'], context)
  return { code, text: context.printed.join('\n') }
}

test('books that are equal and rest are balanced', async () => {
  const { code, text } = await reconcile(() => 7)
  expect(text).toContain('BALANCED  every book')
  expect(code).toBe(0)
})

test('books that move at every reading are not decided, and no fault of anybody', async () => {
  let bought = 0
  const { code, text } = await reconcile(() => bought++)
  expect(text).toMatch(/^NOT YET {2}books were in flight/m)
  expect(text).toContain('books were bought each time this was read')
  expect(text).not.toContain('emptied')
  expect(code).toBe(2)
})
