import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { testContext } from '../../test/test-context.ts'
import { runCli } from '../cli.ts'

/** Serves on a port that the system chooses; gives what `bookstore verify` says about it. */
async function verified(serve: RequestListener, ...args: readonly string[]) {
  const server = createServer(serve)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/version`
    const context = testContext()
    const code = await runCli(['verify', '--url', url, ...args], context)
    return { code, out: context.printed.join('\n'), err: context.complained.join(''), url }
  } finally {
    server.close()
  }
}

/** Every tenth answer is of the canary. */
function canary(
  answer: (version: string) => { headers?: Record<string, string>; status?: number; body?: string }
): RequestListener {
  let asked = 0
  return (_, response) => {
    const { headers = {}, status = 200, body = '' } = answer(++asked % 10 === 0 ? 'canary' : 'stable')
    response.writeHead(status, headers).end(body)
  }
}

const EXPECT = ['--expect', 'stable=90,canary=10']

test('a service that names its version in a header passes its split', async () => {
  const found = await verified(
    canary(version => ({ headers: { 'x-version': version } })),
    '--version-header',
    'X-Version',
    ...EXPECT
  )
  expect(found.code, found.out + found.err).toBe(0)
  expect(found.out).toMatch(/^PASS {2}split 90\/10: matches 90\/10: /)
  expect(found.out).toContain(`judged: ${found.url}, versions by header x-version`)
})

test('one that names it in its JSON fails a split that it has not', async () => {
  const serve = canary(version => ({ body: JSON.stringify({ app: { version } }) }))
  const found = await verified(serve, '--version-field', 'app.version', '--expect', 'stable=50,canary=50')
  expect(found.code).toBe(1)
  expect(found.out).toMatch(/^FAIL {2}split 50\/50: /)
})

test('what fails keeps the rest from passing', async () => {
  const serve = canary(version => ({ headers: { v: version }, status: version === 'canary' ? 500 : 200 }))
  const found = await verified(serve, '--version-header', 'v', '--expect', 'stable=100', '--timeout', '1s')
  expect(found.code).toBe(2)
  expect(found.out).toMatch(/requests gave no version, the last: status/)
})

test('answers without a version, and arguments that do not fit, are refused', async () => {
  const silent = await verified((_, response) => response.end('hello'), '--version-header', 'v', ...EXPECT)
  expect([silent.code, silent.err]).toEqual([
    3,
    `${silent.url}: expected answers with a version in header v, got one without\n`
  ])
  const none = (...args: readonly string[]) => verified((_, response) => response.end(), ...args)
  expect((await none('--version-header', 'v')).err).toContain('expected --expect, such as')
  expect((await none('--version-header', 'v', '--version-field', 'f', ...EXPECT)).err).toContain('got both')
  expect((await none('--version-header', 'v', '--burst', '10', ...EXPECT)).err).toContain('are for a shopper')
  expect((await none('--version-header', 'a b', ...EXPECT)).err).toContain(
    '--version-header: expected the name of a header'
  )
})
