import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Snapshot } from '@bookstore/contract'
import { judgeCounts } from '@bookstore/verdict'
import { expect, test } from 'vitest'
import { createApiClient } from '../api/api-client.ts'
import { CommandError } from '../command.ts'
import { verifyBuyers } from './buyers.ts'

const half = { 'bookstore-v1': 0.5, 'bookstore-v2': 0.5 }

let started = 0

function snapshot(v1: number, v2: number, declared: Record<string, number> = half): Snapshot {
  return {
    startedAt: new Date(1_000 * ++started).toISOString(),
    counts: {},
    verdict: judgeCounts({ declared, counts: { v1, v2 } }),
    declared: { split: declared },
    health: { status: 'ok' },
    window: { id: 1, settling: false },
    policies: { problems: [] }
  } as unknown as Snapshot
}

type Options = Parameters<typeof verifyBuyers>[0]

function run(byUrl: Readonly<Record<string, Snapshot>>, options: Partial<Options> = {}) {
  const api = { snapshot: async (url: string) => byUrl[url] as Snapshot, burst: async () => true }
  const urls = Object.keys(byUrl)
  const { signal } = new AbortController()
  return verifyBuyers({ urls, burst: 0, timeoutMs: 1, api, signal, progress: () => {}, lookEveryMs: 1, ...options })
}

test('buyers that have too few purchases each pass together', async () => {
  const report = await run({ 'http://127.0.0.1:1': snapshot(600, 610), 'http://127.0.0.1:2': snapshot(605, 595) })
  expect(report).toMatchObject({
    status: 'pass',
    judged: 'judged: http://127.0.0.1:1, http://127.0.0.1:2',
    checks: [{ name: 'split 50/50', reason: expect.stringMatching(/^2 buyers together: matches 50\/50/) }]
  })
})

test('a buyer that contradicts the others is named', async () => {
  const report = await run({
    'http://127.0.0.1:1': snapshot(2_000, 2_000),
    'http://127.0.0.1:2': snapshot(2_000, 2_010),
    'http://127.0.0.1:3': snapshot(900, 600)
  })
  expect(report.status).not.toBe('pass')
  expect(report.checks[0]?.reason).toContain('buyers contradict each other: at http://127.0.0.1:3')
})

test('buyers that settle, or are broken now, do not pass', async () => {
  const good = snapshot(3_000, 3_000)
  const another = snapshot(3_000, 3_000)
  const settling = { ...another, window: { ...another.window, settling: true } }
  expect(await run({ 'http://127.0.0.1:1': good, 'http://127.0.0.1:2': settling })).toMatchObject({ status: 'pending' })
  const broken = { ...another, health: { ...another.health, status: 'degraded' as const, reason: 'no answers' } }
  const report = await run({ 'http://127.0.0.1:1': good, 'http://127.0.0.1:2': broken })
  expect(report.status).toBe('pending')
  expect(report.checks[1]?.reason).toBe('http://127.0.0.1:2: no answers')
})

test('buyers that do not expect the same are not judged together', async () => {
  const other = snapshot(90, 10, { 'bookstore-v1': 0.9, 'bookstore-v2': 0.1 })
  await expect(run({ 'http://127.0.0.1:1': snapshot(5, 5), 'http://127.0.0.1:2': other })).rejects.toThrow(
    'http://127.0.0.1:2 expects 90/10 ± 5 points at alpha 0.01, and http://127.0.0.1:1 50/50 ± 5 at 0.01'
  )
})

test('one buyer under two addresses does not count twice', async () => {
  const same = snapshot(600, 600)
  await expect(run({ 'http://127.0.0.1:1': same, 'http://127.0.0.1:2': same })).rejects.toThrow(
    /^http:\/\/127\.0\.0\.1:2 and http:\/\/127\.0\.0\.1:1 are one buyer \(started at 1970-.*would count twice/
  )
})

test('buyers that are not there yet are waited for, and buy the burst together', async () => {
  let looks = 0
  const bursts: number[] = []
  const [first, second] = [snapshot(5, 5), snapshot(5, 5)]
  const [one, two] = [snapshot(600, 600), snapshot(600, 600)]
  const api: Options['api'] = {
    snapshot: async url => {
      looks += 1
      if (looks === 1) throw new CommandError(`${url} cannot be reached`)
      const hasBought = bursts.length === 2
      return url.endsWith('1') ? (hasBought ? one : first) : hasBought ? two : second
    },
    burst: async (_url, { purchases }) => bursts.push(purchases) > 0
  }
  const urls = ['http://127.0.0.1:1', 'http://127.0.0.1:2']
  const waited = { waitMs: 20_000, timeoutMs: 20_000, burst: 2_401, api, urls }
  expect(await run({}, waited)).toMatchObject({ status: 'pass' })
  expect(bursts).toEqual([1_201, 1_201])
})

// other systems have 127.0.0.1 alone
test.skipIf(process.platform !== 'linux')('a name with two addresses is two buyers, asked by that name', async () => {
  const hosts: (string | undefined)[] = []
  const serve = (own: Snapshot) =>
    createServer((request, response) => {
      hosts.push(request.headers.host)
      response.end(JSON.stringify(own))
    })
  const servers = [serve(snapshot(600, 610)), serve(snapshot(605, 595))] as const
  const port = await listen(servers[0], '127.0.0.1', 0)
  await listen(servers[1], '127.0.0.2', port)
  const { signal } = new AbortController()
  const api = createApiClient({ signal })
  try {
    const resolve = async () => ['127.0.0.2', '127.0.0.1'].map(address => ({ address, family: 4 }))
    const report = await run({}, { urls: [`http://bookbuyers.bookbuyer.svc:${port}`], api, resolve })
    expect(report).toMatchObject({
      status: 'pass',
      judged: `judged: http://127.0.0.1:${port}, http://127.0.0.2:${port}`,
      checks: [{ verdict: { purchases: 2_410 } }]
    })
    expect(new Set(hosts)).toEqual(new Set([`bookbuyers.bookbuyer.svc:${port}`]))
  } finally {
    await api.close()
    await Promise.all(servers.map(server => new Promise(resolve => server.close(resolve))))
  }
})

async function listen(server: Server, address: string, port: number): Promise<number> {
  await new Promise<void>(resolve => server.listen(port, address, resolve))
  return (server.address() as AddressInfo).port
}
