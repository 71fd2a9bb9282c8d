import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { promisify } from 'node:util'
import { tempDir } from '@bookstore/testing'
import { expect, test } from 'vitest'
import { testContext } from '../../test/test-context.ts'
import { runCli } from '../cli.ts'

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function proveOutside(url: string) {
  const context = testContext()
  const code = await runCli(['prove', '--outside-mesh', '--store', url, '-o', 'json'], context)
  const { results } = JSON.parse(context.printed.join('\n'))
  return { code, result: results[0] }
}

test('a proxy that asks for a certificate refuses plaintext, and shows whose its own is', async () => {
  await using dir = await tempDir()
  const [key, cert] = [dir.join('key.pem'), dir.join('cert.pem')]
  const subject = [
    '-subj',
    '/O=Contoso/CN=Contoso Issuing CA',
    '-addext',
    'subjectAltName=URI:spiffe://shop.example/ns/a/sa/b'
  ]
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  await promisify(execFile)('openssl', [...request, ...subject, '-keyout', key, '-out', cert])
  const options = { key: readFileSync(key), cert: readFileSync(cert), requestCert: true, rejectUnauthorized: true }
  const server = createTlsServer(options, socket => socket.end())
  // what strangers do to it is no fault of the test
  server.on('tlsClientError', () => undefined)
  const { code, result } = await proveOutside(await listening(server))
  server.close()
  expect(code).toBe(0)
  expect(result).toMatchObject({ name: 'mutual-tls', status: 'pass' })
  expect(result.seen).toMatch(
    /without a certificate was refused; its certificate is from an external authority \(O=Contoso, CN=Contoso Issuing CA\), trust domain shop\.example, valid until 20/
  )
})

test('a store that answers plaintext does not keep it', async () => {
  const server = createHttpServer((_request, response) => void response.end('books'))
  const { code, result } = await proveOutside(await listening(server))
  server.close()
  expect(code).toBe(1)
  expect(result).toMatchObject({ status: 'fail', reason: 'the store takes plaintext' })
})

test('who is down refuses everybody, which proves nothing', async () => {
  const server = createTcpServer()
  const url = await listening(server)
  server.close()
  await once(server, 'close')
  const { code, result } = await proveOutside(url)
  expect(code).toBe(2)
  expect(result).toMatchObject({ status: 'pending' })
})

test('without a store there is nobody to look at', async () => {
  const context = testContext()
  expect(await runCli(['prove', '--outside-mesh'], context)).toBe(3)
  expect(context.complained.join('')).toContain('--outside-mesh: expected --store')
})
