import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { kubectl, run, tryRun } from '../mesh/command.ts'
import { openPage } from '../mesh/page.ts'
import { createRelease } from '../mesh/release.ts'
import { createReport } from '../mesh/report.ts'
import { untilAccess } from '../mesh/shop.ts'
import { ownCount } from './compare.ts'
import { addWitness, readWitness } from './witness.ts'

const cli = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
const policies = fileURLToPath(new URL('../../deploy/policies/', import.meta.url))
const SHOPPERS = ['bookbuyer', 'bookthief']
// servers before their clients
const ORDER = ['bookwarehouse', 'bookstore', 'bookthief', 'bookbuyer']
const CALM_MS = 20_000
const WITHIN_S = 1

/** The whole move with its proof; gives the exit code and the report as a page. */
export async function move(
  env: Readonly<Record<string, string | undefined>>,
  folder: string
): Promise<{ readonly code: number; readonly page: string }> {
  const {
    IMAGE = 'bookstore:0.1.0',
    WITNESS_IMAGE = 'curl:1',
    REVISION = 'asm-1-31',
    HELM_ARGS = '',
    VOLUMES = 'claim'
  } = env
  const [, repository = IMAGE, tag = 'latest'] = /^(.*?)(?::([^:/]+))?$/.exec(IMAGE) ?? []
  const claims = Object.fromEntries(SHOPPERS.map(name => [`${name}.recordClaim`, `${name}-record`]))
  const always = {
    mesh: 'osm',
    'osm.meshConfigNamespace': 'osm-system',
    'image.repository': repository,
    'image.tag': tag
  }
  const release = createRelease(
    { ...always, ...claims, 'namespaces.create': 'false' },
    HELM_ARGS.split(/\s+/).filter(Boolean)
  )
  const report = createReport()
  const [buyer, thief] = [openPage('bookbuyer', 'bookbuyer'), openPage('bookthief', 'bookthief')]
  const bookstore = (...args: string[]) => tryRun(process.execPath, [cli, ...args])
  let code = 0
  let page = ''
  try {
    await report.step('the bookstore in OSM, permissive mode off', async () => {
      for (const name of ORDER) await enrolInOsm(name)
      for (const name of SHOPPERS) await claim(name, VOLUMES)
      await setPermissive(false)
      await release.upgrade({ access: 'allow-buyer' })
      for (const name of SHOPPERS) await addWitness(name, WITNESS_IMAGE, { everyMs: name === 'bookbuyer' ? 100 : 1000 })
      for (const name of SHOPPERS) await rolledOut(name)
      return untilAccess(buyer, 'bought', { timeoutMs: 120_000 })
    })
    const from = Date.now()
    await sleep(CALM_MS)
    const out = join(folder, 'istio')
    await report.step('its policies translated, and accepted by the API server', async () => {
      const files = ['permissive-off', 'access-buyer', 'split-50-50'].flatMap(name => ['-f', `${policies}${name}.yaml`])
      const { code, stderr } = await bookstore('translate', ...files, '-o', out)
      if (code !== 0) throw new Error(stderr)
      await kubectl('apply', '--dry-run=server', '-f', out)
      return stderr.trim().split('\n').at(-1)
    })
    await report.step('the split for Istio', async () => apply(out, 'virtualservice'))
    for (const name of ORDER) {
      await report.step(`${name} from OSM to Istio`, async () => {
        await kubectl(
          'label',
          'namespace',
          name,
          'openservicemesh.io/monitored-by-',
          `istio.io/rev=${REVISION}`,
          '--overwrite'
        )
        await kubectl('annotate', 'namespace', name, 'openservicemesh.io/sidecar-injection-')
        await kubectl('-n', name, 'rollout', 'restart', 'deployment,statefulset')
        await rolledOut(name)
        return undefined
      })
    }
    await sleep(CALM_MS)
    await report.step('access and mTLS in Istio', async () => {
      await kubectl('apply', '-f', out)
      await untilAccess(thief, 'denied')
      return untilAccess(buyer, 'bought')
    })
    await sleep(CALM_MS)
    const to = Date.now()
    const urls = ['--buyer', await buyer.url(), '--thief', await thief.url()]
    const range = ['--from', new Date(from).toISOString(), '--to', new Date(to).toISOString()]
    const told = JSON.parse((await bookstore('migration', ...urls, ...range, '-o', 'json')).stdout) as Told
    page = (await bookstore('migration', ...urls, ...range, '-o', 'html')).stdout
    await writeFile(join(folder, 'migration.html'), page)
    console.log((await bookstore('migration', ...urls, ...range)).stdout)
    await report.step(`the record agrees with the script's own clock within ${WITHIN_S} s`, async () => {
      const gaps = [...told.unobserved.bookbuyer.spells, ...told.unobserved.bookthief.spells]
      const isAway = (second: number) =>
        gaps.some(gap => second >= Math.floor(gap.from / 1000) && second * 1000 < gap.to)
      const own = ownCount(await readWitness('bookbuyer'), await readWitness('bookthief'), { from, to }, isAway)
      const pairs = (['outage', 'unenforced', 'unproven'] as const).map(name => ({
        name,
        told: told[name].seconds,
        own: own[name]
      }))
      const text = pairs.map(({ name, told, own }) => `${name} ${told} s (own clock ${own} s)`).join(', ')
      if (pairs.some(({ told, own }) => Math.abs(told - own) > WITHIN_S)) throw new Error(text)
      return text
    })
    await report.step('the books balance', async () => {
      const [{ ledger }] = [await buyer.snapshot()]
      const open = ledger.stores.reduce((sum, { outbox }) => sum + outbox, 0)
      const sold = ledger.stores.reduce((sum, store) => sum + store.sold, 0)
      const restocked = ledger.stores.reduce((sum, store) => sum + store.restocked, 0)
      if (sold !== restocked + open) throw new Error(`sold ${sold}, restocked ${restocked}, waiting ${open}`)
      return `sold ${sold} = restocked ${restocked} + waiting ${open}`
    })
  } catch {
    code = 1
  } finally {
    for (const shown of [buyer, thief]) shown.close()
    if (!env['KEEP']) await cleanUp(release)
  }
  return { code, page }
}

interface Told {
  readonly outage: { readonly seconds: number }
  readonly unenforced: { readonly seconds: number }
  readonly unproven: { readonly seconds: number }
  readonly unobserved: Readonly<
    Record<'bookbuyer' | 'bookthief', { readonly spells: readonly { readonly from: number; readonly to: number }[] }>
  >
}

async function enrolInOsm(name: string): Promise<void> {
  await tryRun('kubectl', ['create', 'namespace', name])
  await kubectl('label', 'namespace', name, 'openservicemesh.io/monitored-by=osm', 'istio.io/rev-', '--overwrite')
  await kubectl('annotate', 'namespace', name, 'openservicemesh.io/sidecar-injection=enabled', '--overwrite')
}

async function claim(name: string, volumes: string): Promise<void> {
  const metadata = { name: `${name}-record`, namespace: name }
  const size = { storage: '200Mi' }
  const isHost = volumes === 'host'
  const volume = {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: metadata.name },
    spec: {
      capacity: size,
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'bookstore-host',
      claimRef: metadata,
      hostPath: { path: `/tmp/bookstore-migration/${name}`, type: 'DirectoryOrCreate' }
    }
  }
  const spec = {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: size },
    ...(isHost && { storageClassName: 'bookstore-host' })
  }
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec }
  for (const object of isHost ? [volume, claim] : [claim]) {
    await run('kubectl', ['apply', '-f', '-'], { input: JSON.stringify(object) })
  }
}

async function setPermissive(isPermissive: boolean): Promise<void> {
  const spec = { traffic: { enablePermissiveTrafficPolicyMode: isPermissive } }
  await kubectl(
    '-n',
    'osm-system',
    'patch',
    'meshconfig',
    'osm-mesh-config',
    '--type',
    'merge',
    '-p',
    JSON.stringify({ spec })
  )
}

async function rolledOut(namespace: string): Promise<void> {
  for (const kind of ['deployment', 'statefulset']) {
    const names = (await kubectl('-n', namespace, 'get', kind, '-o', 'name')).split('\n').filter(Boolean)
    for (const name of names) await kubectl('-n', namespace, 'rollout', 'status', name, '--timeout', '5m')
  }
}

async function apply(folder: string, kind: string): Promise<string> {
  const files = (await readdir(folder)).filter(file => file.startsWith(`${kind}.`))
  for (const file of files) await kubectl('apply', '-f', join(folder, file))
  return files.join(', ')
}

async function cleanUp(release: { uninstall(): Promise<void> }): Promise<void> {
  await release.uninstall().catch(error => console.error((error as Error).message))
  await tryRun('kubectl', ['delete', 'namespace', ...ORDER, '--wait=false'])
  await tryRun('kubectl', ['delete', 'persistentvolume', ...SHOPPERS.map(name => `${name}-record`), '--wait=false'])
  await setPermissive(true)
}
