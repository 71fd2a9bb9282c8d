import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { waitFor } from '@bookstore/testing'
import { describe, expect, test } from 'vitest'
import { send } from './send.ts'
import { startNamed } from './shop.ts'

describe('a database password', () => {
  const PASSWORD = 'p%ss/w:rd@secret'

  /** Starts a warehouse that cannot reach its database, and gives all it has said about that. */
  async function complaints(env: Readonly<Record<string, string>>): Promise<string> {
    await using app = await startNamed('bookwarehouse', {
      LOG_LEVEL: 'trace',
      DATABASE_TIMEOUT_MS: '200',
      ...env
    })
    const readiness = await waitFor(async () => {
      const { text } = await send(`${app.url}/readiness`)
      return !text.includes('not connected yet') && text
    })
    const restock = await send(`${app.url}/restock-books`, { method: 'POST', body: '1' })
    const page = await send(`${app.url}/`)
    const metrics = await send(app.metricsUrl)
    expect([restock.status, restock.headers['retry-after']]).toEqual([503, '1'])
    await app.stop()
    const said = [readiness, restock.text, page.text, metrics.text, ...app.stdout, ...app.stderr]
    return said.join('\n')
  }

  test('is in no log, answer, page or metric when the database cannot be reached or talks nonsense', async () => {
    const nonsense = createServer(socket => void socket.end('220 no database\r\n'))
    nonsense.listen(0, '127.0.0.1')
    await once(nonsense, 'listening')
    const { port } = nonsense.address() as AddressInfo
    const encoded = encodeURIComponent(PASSWORD)
    const all = await Promise.all([
      complaints({ DATABASE_URL: `mysql://me:${encoded}@127.0.0.1:9/stock` }),
      complaints({ MYSQL_HOST: '127.0.0.1', MYSQL_PORT: `${port}`, MYSQL_PASSWORD: PASSWORD })
    ])
    nonsense.close()
    for (const said of all) {
      expect(said).toContain('127.0.0.1')
      expect(said.includes(PASSWORD) || said.includes(encoded)).toBe(false)
    }
  })
})
