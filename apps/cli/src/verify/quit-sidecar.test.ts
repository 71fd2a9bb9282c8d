import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { quitSidecar } from './quit-sidecar.ts'

test('posts the order to the sidecar and says what it answered', async () => {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    response.end('OK')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/quitquitquit`
  expect(await quitSidecar('osm', { url })).toBe('told the osm sidecar to end: 200')
  expect(requests).toEqual(['POST /quitquitquit'])
})

test('a sidecar that is not there is no failure', async () => {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  const url = `http://127.0.0.1:${port}/quitquitquit`
  expect(await quitSidecar('istio', { url })).toMatch(/^no istio sidecar to end at .*ECONNREFUSED/)
})
