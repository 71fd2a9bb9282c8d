import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FaultReport, PromiseName, PromiseResult, PromiseStatus, Snapshot } from '@bookstore/contract'
import { repositoryRoot, startBookstore, type TestBookstore, waitFor } from '@bookstore/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testContext } from '../../test/test-context.ts'
import { runCli } from '../cli.ts'

// whole programs on a busy machine: a deadline is for what hangs

let shop: TestBookstore
const outside: Server[] = []
/** Two servers outside the mesh, which the test serves itself. */
let urls: readonly [string, string]

beforeAll(async () => {
  urls = [await serveOutside(), await serveOutside()]
  shop = await startBookstore({
    env: name => ({
      VERDICT_SETTLE_SECONDS: '0.2',
      ...(name.startsWith('bookstore') && { FAULTS: 'on' }),
      ...(name === 'bookbuyer' && {
        CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.5',
        ENABLE_EGRESS: 'true',
        EGRESS_URLS: urls.join(',')
      })
    })
  })
})
afterAll(async () => {
  for (const server of outside) server.close()
  await shop[Symbol.asyncDispose]()
})

async function serveOutside(): Promise<string> {
  const server = createServer((_request, response) => void response.end('outside'))
  outside.push(server)
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}

const json = async <T>(url: string) => (await (await fetch(url)).json()) as T
const snapshot = () => json<Snapshot>(`${shop.buyer.url}/api/snapshot`)
const policy = (name: string) => readFileSync(join(repositoryRoot, `deploy/policies/${name}.yaml`), 'utf8')

/** Has the local mesh obey exactly these files, and waits until it does. */
async function obey(...texts: readonly string[]): Promise<void> {
  const before = (await snapshot()).policies.lastChange?.at
  const names = texts.map((_, at) => `policy-${at}.yaml`)
  for (const [at, text] of texts.entries()) {
    writeFileSync(join(shop.policyDir, '.new'), `# ${performance.now()}\n${text}`)
    renameSync(join(shop.policyDir, '.new'), join(shop.policyDir, names[at] ?? ''))
  }
  for (const name of readdirSync(shop.policyDir)) {
    if (!names.includes(name)) rmSync(join(shop.policyDir, name))
  }
  await waitFor(
    async () => {
      const { policies } = await snapshot()
      return policies.lastChange?.at !== before && policies.problems.length === 0
    },
    { what: 'the new policies in force' }
  )
}

/** Runs `bookstore prove`; `expected` are the policies to judge by instead of those in force. */
async function prove(only: readonly PromiseName[], expected: readonly string[] = []) {
  const folder = join(shop.policyDir, '..', 'expected')
  const args = ['--url', shop.buyer.url, '--only', only.join(','), '-o', 'json']
  const files = expected.flatMap((text, at) => {
    const file = `${folder}-${at}.yaml`
    writeFileSync(file, text)
    return ['-f', file]
  })
  const context = testContext()
  const code = await runCli(['prove', ...args, ...files], context)
  expect(context.complained.join('')).toBe('')
  const { results } = JSON.parse(context.printed.join('\n')) as { readonly results: readonly PromiseResult[] }
  return { code, results, statuses: Object.fromEntries(results.map(({ name, status }) => [name, status])) }
}

const MOST_TRIES = 6

/**
 * Proves and shows everything that was found when it is not as expected. What is not known yet is tried again, as the
 * command says: a busy machine may buy too little in the time of an ejection.
 */
async function expectProof(
  wanted: Partial<Readonly<Record<PromiseName, PromiseStatus>>>,
  expected: readonly string[] = []
): Promise<readonly PromiseResult[]> {
  const isOpen = ([name, status]: [string, PromiseStatus]) =>
    status === 'pending' && wanted[name as PromiseName] !== 'pending'
  for (let tries = 1; ; tries++) {
    const { results, statuses } = await prove(Object.keys(wanted) as PromiseName[], expected)
    if (tries < MOST_TRIES && Object.entries(statuses).some(isOpen)) continue
    expect(statuses, JSON.stringify(results, null, 1)).toEqual(wanted)
    return results
  }
}

const quickEjection = () => policy('istio/ejection').replace('baseEjectionTime: 10s', 'baseEjectionTime: 3s')
const egressTo = ([allowed]: readonly [string, string]) =>
  policy('egress')
    .replace('edition.cnn.com', 'localhost')
    .replace('number: 80', `number: ${new URL(allowed).port}`)

describe('kept where the mesh obeys what is declared', () => {
  test('load balancing and discovery; mutual TLS cannot be seen here, and what nobody declares is not declared', async () => {
    await obey(policy('permissive-on'))
    const results = await expectProof({
      'load-balancing': 'pass',
      discovery: 'pass',
      'mutual-tls': 'not-visible',
      retries: 'not-declared',
      ejection: 'not-declared'
    })
    expect(results.find(({ name }) => name === 'mutual-tls')?.reason).toContain('no TLS')
  })
  test('egress', async () => {
    await obey(egressTo(urls))
    const [result] = await expectProof({ egress: 'pass' })
    expect(result?.declaredBy).toContain('is allowed')
    expect(result?.declaredBy).toContain('is refused')
  })
  test('retries', async () => {
    await obey(policy('retries').replace('numRetries: 3', 'numRetries: 1'))
    const [result] = await expectProof({ retries: 'pass' })
    expect(result?.declaredBy).toContain('up to 1 more try on 5xx')
    expect(result?.seen).toContain('requests a purchase')
  })
  test('timeouts', async () => {
    await obey(policy('istio/timeouts'))
    await expectProof({ timeouts: 'pass' })
  })
  test('a rate limit', async () => {
    await obey(policy('rate-limit'))
    const [hindered] = await expectProof({ 'load-balancing': 'pending', 'rate-limit': 'pass' })
    expect(hindered?.reason).toMatch(/^a rate limit refused \d+ of 200 purchases$/)
  })
  test('circuit breaking', async () => {
    await obey(policy('circuit-breaking'))
    await expectProof({ 'circuit-breaking': 'pass' })
  })
  test('ejection, and the results are on the buyer until its policies change', async () => {
    await obey(quickEjection())
    await expectProof({ ejection: 'pass' })
    const { promises } = await json<{ promises: { name: string; proven: PromiseResult | null }[] }>(
      `${shop.buyer.url}/api/promises`
    )
    expect(promises.find(({ name }) => name === 'ejection')?.proven?.status).toBe('pass')
    expect(promises.find(({ name }) => name === 'retries')?.proven).toBeNull()
  })
})

describe('not kept where the policy says one thing and the mesh does another', () => {
  test('retries, timeouts, rate limit, ejection and egress that a mesh without policies does not know', async () => {
    await obey(policy('permissive-on'))
    const timeouts = policy('istio/timeouts').replace(/\n {4}retries:\n {6}attempts: 0/, '')
    await expectProof({ egress: 'fail', retries: 'fail', timeouts: 'fail', 'rate-limit': 'fail', ejection: 'fail' }, [
      policy('retries'),
      timeouts,
      policy('istio/rate-limit'),
      quickEjection(),
      policy('istio/egress')
    ])
  })
  test('circuit breaking that it does not know', async () => {
    await expectProof({ 'circuit-breaking': 'fail' }, [policy('circuit-breaking')])
  })
  test('load balancing and discovery where a split sends everything to one', async () => {
    await obey(policy('split-100-0'))
    await expectProof({ 'load-balancing': 'fail', discovery: 'fail' }, [policy('permissive-on')])
  })
})

test('who stops it finds no faults left at the stores, no burst, and a new window', async () => {
  await obey(policy('istio/timeouts'))
  const before = await snapshot()
  const controller = new AbortController()
  const context = testContext({ stop: controller.signal })
  const proving = runCli(['prove', '--url', shop.buyer.url, '--only', 'timeouts'], context)
  const faults = () => Promise.all(shop.stores.map(({ url }) => json<FaultReport>(`${url}/api/faults`)))
  await waitFor(async () => (await faults()).every(({ delay }) => delay !== null), { what: 'faults at both stores' })
  controller.abort()
  expect(await proving).toBe(130)
  expect((await faults()).map(({ delay, abort }) => delay ?? abort)).toEqual([null, null])
  const after = await snapshot()
  expect(after.window.id).toBeGreaterThan(before.window.id)
  await waitFor(async () => !(await snapshot()).burst?.running, { what: 'the burst ended' })
})
