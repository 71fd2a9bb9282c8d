import { startApp, waitFor } from '@bookstore/testing'
import { Client } from 'undici'
import { expect, test } from 'vitest'

/** Asks over one kept-alive connection until the server lets it go; gives the statuses that it answered. */
async function askUntilLetGo(url: string, onAnswer: () => void): Promise<ReadonlySet<number>> {
  const client = new Client(url)
  const statuses = new Set<number>()
  for (let isKept = true; isKept; ) {
    const { statusCode, headers, body } = await client.request({ path: '/raw', method: 'GET' })
    await body.dump()
    statuses.add(statusCode)
    onAnswer()
    isKept = headers['connection'] !== 'close'
  }
  await client.destroy()
  return statuses
}

test.each(['bookbuyer', 'bookthief'])(
  'SIGTERM under load of 64 connections and an open stream: no request of %s fails, and the stream does not hold up the end',
  async app => {
    await using shopper = await startApp({
      main: `apps/${app}/src/main.ts`,
      // long enough for each connection to be asked once more; a stop that the stream held up would be forced at the
      // deadline and end with code 1
      env: {
        BOOKSTORE_URL: 'http://127.0.0.1:9',
        DRAIN_WAIT_MS: '2000',
        SHUTDOWN_DEADLINE_MS: '60000'
      }
    })
    const stream = await fetch(`${shopper.url}/api/events`)
    let answers = 0
    const clients = Array.from({ length: 64 }, () => askUntilLetGo(shopper.url, () => answers++))
    await waitFor(() => answers > 300)
    shopper.signal('SIGTERM')
    const statuses = (await Promise.all(clients)).flatMap(seen => [...seen])
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await shopper.exited).toEqual({ code: 0, signal: null })
    expect(await stream.text()).toContain('event: snapshot')
  }
)
