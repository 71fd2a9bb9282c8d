import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createApiClient } from './api-client.ts'

async function refusalOf(body: string): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(404).end(body)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const api = createApiClient({ signal: new AbortController().signal })
  try {
    await api.snapshot(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } catch (error) {
    return (error as Error).message
  } finally {
    await api.close()
    server.close()
  }
  throw new Error('expected a refusal, got a snapshot')
}

test('what another server says is told in short, and its pages are not', async () => {
  expect(await refusalOf('{"message":"not\n here"}')).toMatch(/expected status 200, got 404: \{"message":"not here"\}$/)
  expect(await refusalOf('\n<!doctype html><h1>Not found</h1>')).toMatch(/got 404: is a bookstore there\?$/)
})
