import { execFile } from 'node:child_process'
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { defaultTopology, type Snapshot, withAddresses } from '@bookstore/contract'
import { RARE_ALARMS, repositoryRoot, startApp, startBookstore, type TestBookstore, waitFor } from '@bookstore/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { json } from './json.ts'

let shop: TestBookstore
beforeAll(async () => {
  const common = {
    CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.01',
    VERDICT_SETTLE_SECONDS: '0.5',
    ...RARE_ALARMS
  }
  shop = await startBookstore({
    env: name => ({ ...common, ...(name === 'bookbuyer' && { EXPECTED_SPLIT: 'v1=50,v2=50' }) })
  })
})
afterAll(() => shop[Symbol.asyncDispose]())

const buyer = () => json<Snapshot>(`${shop.buyer.url}/api/snapshot`)
const thief = () => json<Snapshot>(`${shop.thief.url}/api/snapshot`)

/** Waits until the snapshot is as wanted, and gives it. */
const until = (read: () => Promise<Snapshot>, what: string, isSo: (now: Snapshot) => boolean) =>
  waitFor(
    async () => {
      const now = await read()
      return isSo(now) && now
    },
    { what }
  )

/** What was bought of each version between two snapshots. */
const boughtSince = (before: Snapshot, after: Snapshot, version: string) =>
  (after.counts.byVersion[version] ?? 0) - (before.counts.byVersion[version] ?? 0)

test('permissive: the buyer buys from both versions, and so does the thief', async () => {
  const now = await until(buyer, 'both versions selling', ({ counts }) =>
    ['bookstore-v1', 'bookstore-v2'].every(version => (counts.byVersion[version] ?? 0) > 5)
  )
  expect(now.policies.inForce[0]).toContain('Permissive mode is on')
  await until(thief, 'a theft', ({ counts }) => counts.bought > 0)
})

test('permissive off: the buyer is denied and the page says why', async () => {
  shop.apply('permissive-off')
  const now = await until(buyer, 'denial', ({ access }) => access.status === 'pass' && access.expected === 'denied')
  expect(now.headline.title).toBe('Denied, as declared')
  expect(now.policies.denial).toContain('no TrafficTarget has bookstore-v1')
  expect(now.counts.byDenial['connection closed']).toBeGreaterThan(0)
  const page = await (await fetch(shop.buyer.url)).text()
  expect(page).toContain('Denied, as declared')
  expect(page).toContain('no TrafficTarget has bookstore-v1')
})

test('access for the buyer: it buys again, the thief does not', async () => {
  shop.apply('access-buyer')
  const before = await buyer()
  await until(buyer, 'purchases', ({ counts }) => counts.bought > before.counts.bought + 20)
  const now = await until(
    thief,
    'denial of the thief by the new policy',
    ({ access, policies }) =>
      access.status === 'pass' && policies.denial?.includes('bookthief is not a source of TrafficTarget') === true
  )
  expect(now.headline.title).toBe('Denied, as expected')
  const later = await thief()
  expect(later.counts.bought).toBe(now.counts.bought)
})

test('access for all: the thief gets in, as declared', async () => {
  shop.apply('access-all')
  const now = await until(
    thief,
    'theft as declared',
    ({ access }) => access.status === 'pass' && access.expected === 'allowed'
  )
  expect(now.headline.title).toBe('Stealing, and nobody minds')
})

test('split 500m/500m: both versions sell about equally, and the verdict passes', async () => {
  shop.apply('split-500m-500m')
  await until(buyer, 'the new declaration', ({ declared }) => declared.source.kind === 'local-mesh')
  const before = await until(buyer, 'a judged window', ({ window }) => !window.settling)
  await fetch(`${shop.buyer.url}/api/burst`, {
    method: 'POST',
    body: '{"purchases":4000,"concurrency":16}'
  })
  const now = await until(
    buyer,
    'a verdict',
    ({ burst, verdict }) => burst?.running === false && verdict.status !== 'pending'
  )
  expect(now.verdict.reason).toMatch(/^matches 50\/50/)
  expect(boughtSince(before, now, 'bookstore-v2')).toBeGreaterThan(1500)
  expect(now.declared.source.detail).toContain('TrafficSplit bookstore/')
})

test('split 90/10: the window is new, and the share follows', async () => {
  shop.apply('split-90-10')
  await until(buyer, 'the new declaration', ({ declared }) => declared.split?.['bookstore-v1'] === 0.9)
  await until(buyer, 'the end of settling', ({ window }) => !window.settling)
  await fetch(`${shop.buyer.url}/api/burst`, {
    method: 'POST',
    body: '{"purchases":3000,"concurrency":16}'
  })
  const now = await until(
    buyer,
    'a verdict',
    ({ burst, verdict }) => burst?.running === false && verdict.status !== 'pending'
  )
  expect(now.verdict.reason).toMatch(/^matches 90\/10/)
  expect(now.earlierWindows[0]?.reason).toMatch(/^matches 50\/50/)
})

test('split 0/100: v1 sells nothing more', async () => {
  shop.apply('split-0-100')
  await until(buyer, 'the new declaration', ({ declared }) => declared.split?.['bookstore-v1'] === 0)
  const before = await until(buyer, 'the end of settling', ({ window }) => !window.settling)
  const now = await until(buyer, 'a pass', ({ verdict }) => verdict.status === 'pass')
  expect(boughtSince(before, now, 'bookstore-v1')).toBe(0)
  expect(boughtSince(before, now, 'bookstore-v2')).toBeGreaterThan(50)
})

test('a broken policy is told with file, line and field, and the last good ones stay in force', async () => {
  const before = await buyer()
  writeFileSync(
    join(shop.policyDir, 'split.yaml'),
    'apiVersion: split.smi-spec.io/v1alpha2\nkind: TrafficSplit\nmetadata: {name: s, namespace: bookstore}\nspec:\n  service: bookstore\n  backends:\n    - service: bookstore-v1\n      weight: -1\n'
  )
  const now = await until(buyer, 'the problem', ({ policies }) => policies.problems.length > 0)
  expect(now.policies.problems[0]).toMatch(/^split\.yaml:8: .*weight/)
  expect(now.headline.status).toBe('broken')
  expect(now.declared.split).toEqual(before.declared.split)
  const later = await until(buyer, 'further purchases', ({ counts }) => counts.bought > now.counts.bought + 10)
  expect(boughtSince(before, later, 'bookstore-v1')).toBe(0)
})

/** Runs the CLI as a user would; gives its exit code and what it printed. */
function bookstore(...args: readonly string[]) {
  return promisify(execFile)(process.execPath, [join(repositoryRoot, 'apps/cli/src/main.ts'), ...args]).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { readonly code: number; readonly stdout: string }) => ({ code, stdout })
  )
}

test('nothing is said to be as declared while policies cannot be read, unless that is asked for', async () => {
  const verify = ['verify', '--url', shop.buyer.url, '--timeout', '20s']
  expect(await bookstore(...verify)).toMatchObject({ code: 3, stdout: expect.stringContaining('NOT JUDGED') })
  expect((await bookstore(...verify, '--allow-unreadable-policies')).code).toBe(0)
  const access = ['access', '--buyer', shop.buyer.url, '--thief', shop.thief.url]
  expect(await bookstore(...access)).toMatchObject({ code: 3, stdout: expect.stringMatching(/^NOT JUDGED /) })
  const { stdout } = await bookstore(...access, '-o', 'json')
  expect(JSON.parse(stdout)).toMatchObject({ exitCode: 3, problems: [expect.stringContaining('split.yaml:8')] })
  expect((await bookstore(...access, '--allow-unreadable-policies')).code).toBe(0)
})

test('access counts the attempts since the last change only', async () => {
  shop.apply('split-0-100', 'access-buyer')
  const isDenied = ({ access, policies }: Snapshot) =>
    policies.problems.length === 0 && access.expected === 'denied' && access.status === 'pass'
  const { counts } = await until(thief, 'a denial that passes', isDenied)
  expect(counts.bought).toBeGreaterThan(0)
  const { stdout } = await bookstore('access', '--buyer', shop.buyer.url, '--thief', shop.thief.url)
  expect(stdout).toMatch(/^bookthief +denied +0 +\d+ +0 +PASS/m)
  expect(stdout).toContain(`judged: bookthief at ${shop.thief.url}, policies of its local mesh`)
})

test('a probe finds every pair as declared, and tells a proxy that does not enforce it', async () => {
  const asked = ['access', '--probe', '--buyer', shop.buyer.url]
  const right = await bookstore(...asked, '--thief', shop.thief.url)
  expect(right.stdout).toMatch(/^bookthief +bookstore-v2 +GET \/buy-a-book\/new +denied +denied +RIGHT/m)
  expect(right).toMatchObject({ code: 0, stdout: expect.stringContaining('\n10 right') })
  // a thief whose own mesh follows other policies is a sidecar that enforces nothing
  const open = join(shop.policyDir, '..', 'open')
  cpSync(join(repositoryRoot, 'deploy/policies/permissive-on.yaml'), join(open, 'permissive.yaml'))
  const stores = { 'bookstore-v1': [shop.v1.url], 'bookstore-v2': [shop.v2.url], bookwarehouse: [shop.warehouse.url] }
  await using loose = await startApp({
    main: 'apps/bookthief/src/main.ts',
    env: { POLICY_DIR: open, MESH_TOPOLOGY: JSON.stringify(withAddresses(defaultTopology(), stores)) },
    timeoutMs: 60_000
  })
  const wrong = await bookstore(...asked, '--thief', loose.url)
  expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining('\n5 right, 5 wrong\n') })
  expect(wrong.stdout).toContain('Nothing enforces it there')
  expect((await bookstore(...asked, '--thief', 'http://127.0.0.1:1')).code).toBe(3)
})
