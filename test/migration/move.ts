import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ShoppingRecord } from '@bookstore/contract'
import { waitFor } from '@bookstore/testing'
import { kubectl, tryRun } from '../mesh/command.ts'
import { openPage, type Page } from '../mesh/page.ts'
import { createRelease } from '../mesh/release.ts'
import { createReport } from '../mesh/report.ts'
import { untilAccess } from '../mesh/shop.ts'
import { boughtByWitness, boughtOf, together } from './books.ts'
import { ownCount } from './compare.ts'
import { dropVolumes, enrolInOsm, makeClaims, moveToIstio, rolledOut, setPermissive } from './namespaces.ts'
import { addWitness, readWitness } from './witness.ts'

const cli = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
const policies = fileURLToPath(new URL('../../deploy/policies/', import.meta.url))
const SHOPPERS = ['bookbuyer', 'bookthief'] as const
// A client in OSM gets 503 from who has left it, so the buyer follows the store at once. The warehouse is last: a store
// that is replaced while restocks wait for a warehouse on the other side would lose them.
const ORDER = ['bookstore', 'bookbuyer', 'bookthief', 'bookwarehouse']
const CLAIMS = [
  ...SHOPPERS.map(namespace => ({ namespace, name: `${namespace}-record` })),
  { namespace: 'bookwarehouse', name: 'bookwarehouse-stock' }
]
const CALM_MS = 20_000
const WITHIN_S = 1

/** The whole move with its proof; gives the exit code and the report as a page. */
export async function move(
  env: Readonly<Record<string, string | undefined>>,
  folder: string
): Promise<{ readonly code: number; readonly page: string }> {
  const { IMAGE = 'bookstore:0.1.0', WITNESS_IMAGE = 'curl:1', REVISION = 'asm-1-31' } = env
  const { HELM_ARGS = '', VOLUMES = 'claim' } = env
  const [, repository = IMAGE, tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(IMAGE) ?? []
  const always = {
    mesh: 'osm',
    'osm.meshConfigNamespace': 'osm-system',
    'image.repository': repository,
    'image.tag': tag,
    'namespaces.create': 'false',
    'bookbuyer.recordClaim': 'bookbuyer-record',
    'bookthief.recordClaim': 'bookthief-record',
    // one answer that is late must not look like an outage
    'bookbuyer.concurrency': '3',
    'database.persistence.existingClaim': 'bookwarehouse-stock'
  }
  // a thief that tries once a second could see no ends within the second that is asked for
  const quickThief = ['--set-json', 'bookthief.sleepSeconds=0.1']
  const release = createRelease(always, [...quickThief, ...HELM_ARGS.split(/\s+/).filter(Boolean)])
  const report = createReport()
  const [buyer, thief] = [openPage('bookbuyer', 'bookbuyer'), openPage('bookthief', 'bookthief')]
  const warehouse = openPage('bookwarehouse', 'bookwarehouse')
  const urls = async () => ['--buyer', await buyer.url(), '--thief', await thief.url()]
  const out = join(folder, 'istio')
  let page = ''
  try {
    await report.step('the bookstore in OSM, permissive mode off', async () => {
      for (const name of ORDER) await enrolInOsm(name)
      await makeClaims(CLAIMS, VOLUMES, WITNESS_IMAGE)
      await setPermissive(false)
      await release.upgrade({ access: 'allow-buyer' })
      for (const name of SHOPPERS) await addWitness(name, WITNESS_IMAGE, { everyMs: 100 })
      for (const name of SHOPPERS) await rolledOut(name)
      return untilAccess(buyer, 'bought', { timeoutMs: 120_000 })
    })
    const from = Date.now()
    await sleep(CALM_MS)
    await report.step('its policies translated, and accepted by the API server', async () => {
      const files = ['permissive-off', 'access-buyer', 'split-50-50'].flatMap(name => ['-f', `${policies}${name}.yaml`])
      const { code, stderr } = await bookstore('translate', ...files, '-o', out)
      if (code !== 0) throw new Error(stderr)
      await kubectl('apply', '--dry-run=server', '-f', out)
      return stderr.trim().split('\n').at(-1)
    })
    await report.step('the split for Istio', () => apply(out, 'virtualservice'))
    for (const name of ORDER) {
      await report.step(`${name} from OSM to Istio`, async () => {
        await moveToIstio(name, REVISION)
        return undefined
      })
    }
    await sleep(CALM_MS)
    await report.step('access and mTLS in Istio', async () => {
      await kubectl('apply', '-f', out)
      const denied = await untilAccess(thief, 'denied')
      return `thief ${denied}; buyer ${await untilAccess(buyer, 'bought')}`
    })
    await sleep(CALM_MS)
    const to = Date.now()
    const range = ['--from', new Date(from).toISOString(), '--to', new Date(to).toISOString()]
    const told = JSON.parse((await bookstore('migration', ...(await urls()), ...range, '-o', 'json')).stdout) as Told
    page = (await bookstore('migration', ...(await urls()), ...range, '-o', 'html')).stdout
    console.log((await bookstore('migration', ...(await urls()), ...range)).stdout)
    await report.step(`the record agrees with the script's own clock within ${WITHIN_S} s`, () =>
      agreement(told, { from, to })
    )
    await report.step('the split and the access in Istio', () => verdicts(urls))
    await report.step('the books balance', () => balance({ buyer, thief, warehouse }, out))
    return { code: 0, page }
  } catch {
    // the step has told what went wrong
    return { code: 1, page }
  } finally {
    for (const shown of [buyer, thief, warehouse]) shown.close()
    if (!env['KEEP']) await cleanUp(release, VOLUMES, WITNESS_IMAGE)
  }
}

interface Told {
  readonly outage: { readonly seconds: number }
  readonly unenforced: { readonly seconds: number }
  readonly unproven: { readonly seconds: number }
  readonly unobserved: Readonly<
    Record<'bookbuyer' | 'bookthief', { readonly spells: readonly { readonly from: number; readonly to: number }[] }>
  >
}

const bookstore = (...args: string[]) => tryRun(process.execPath, [cli, ...args])

async function agreement(told: Told, range: { readonly from: number; readonly to: number }): Promise<string> {
  const own = ownCount(await readWitness('bookbuyer'), await readWitness('bookthief'), range, (who, second) =>
    told.unobserved[who].spells.some(gap => second >= Math.floor(gap.from / 1000) && second * 1000 < gap.to)
  )
  const pairs = (['outage', 'unenforced', 'unproven'] as const).map(name => ({
    name,
    told: told[name].seconds,
    own: own[name]
  }))
  const text = pairs.map(({ name, told, own }) => `${name} ${told} s (own clock ${own} s)`).join(', ')
  assert.ok(
    pairs.every(({ told, own }) => Math.abs(told - own) <= WITHIN_S),
    text
  )
  return text
}

async function verdicts(urls: () => Promise<readonly string[]>): Promise<string> {
  const [, url = ''] = await urls()
  const split = await bookstore('verify', '--url', url, '--expect', 'v1=50,v2=50', '--burst', '3000', '--timeout', '3m')
  assert.equal(split.code, 0, `${split.stdout}${split.stderr}`)
  const probe = await bookstore('access', '--probe', ...(await urls()))
  assert.equal(probe.code, 0, `${probe.stdout}${probe.stderr}`)
  const counted = probe.stdout.split('\n').find(line => /^\d+ right/.test(line))
  return `${split.stdout.split('\n')[0]}; probe: ${counted}`
}

/** Ends all buying, and compares what was bought since the beginning with what came to the warehouse. */
async function balance(
  { buyer, thief, warehouse }: Readonly<Record<'buyer' | 'thief' | 'warehouse', Page>>,
  out: string
): Promise<string> {
  await kubectl('-n', 'bookstore', 'delete', 'authorizationpolicy', '--all')
  await kubectl('apply', '-f', join(out, 'authorizationpolicy.bookstore.allow-nothing.yaml'))
  await untilAccess(buyer, 'denied')
  const stock = async () => ((await warehouse.json('/raw')) as { readonly totalBooks: number }).totalBooks
  const restocked = await untilSteady(stock)
  const all = `/api/record?since=0`
  const records = (await Promise.all([buyer.json(all), thief.json(all)])) as readonly ShoppingRecord[]
  const witnesses = await Promise.all(SHOPPERS.map(readWitness))
  const { bought, unheard } = together([...records.map(boughtOf), ...witnesses.map(boughtByWitness)])
  const text = `${bought} bought, ${unheard} tries without a book, ${restocked} restocked`
  assert.ok(restocked >= bought && restocked <= bought + unheard, text)
  return text
}

async function untilSteady(read: () => Promise<number>): Promise<number> {
  let last = -1
  let same = 0
  return waitFor(
    async () => {
      const now = await read()
      same = now === last ? same + 1 : 0
      last = now
      return same >= 15 && now
    },
    { timeoutMs: 120_000, intervalMs: 1_000, what: 'the stock to rest' }
  )
}

async function apply(folder: string, kind: string): Promise<string> {
  const files = (await readdir(folder)).filter(file => file.startsWith(`${kind}.`))
  for (const file of files) await kubectl('apply', '-f', join(folder, file))
  return files.join(', ')
}

async function cleanUp(release: { uninstall(): Promise<void> }, volumes: string, image: string): Promise<void> {
  await release.uninstall().catch(error => console.error((error as Error).message))
  await tryRun('kubectl', ['delete', 'namespace', ...ORDER, '--timeout', '3m'])
  await dropVolumes(CLAIMS, volumes, image)
  await setPermissive(true)
}
