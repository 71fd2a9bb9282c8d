import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { defaultTopology, withAddresses } from '@bookstore/contract'
import { type RunningApp, repositoryRoot, startApp, tempDir } from '@bookstore/testing'

/** The whole bookstore as processes of its own, behind a local mesh over a folder of its own. */
export interface Shop extends AsyncDisposable {
  readonly warehouse: RunningApp
  readonly v1: RunningApp
  readonly v2: RunningApp
  readonly buyer: RunningApp
  readonly thief: RunningApp
  readonly policyDir: string
  /** Puts files of deploy/policies in force. */
  apply(...names: readonly string[]): void
}

export interface ShopOptions {
  readonly buyer?: Readonly<Record<string, string>>
  readonly thief?: Readonly<Record<string, string>>
}

/** Starts all five apps on ports that the system chooses; permissive, without a split. */
export async function openShop(options: ShopOptions = {}): Promise<Shop> {
  const stack = new AsyncDisposableStack()
  const folder = stack.use(await tempDir())
  const policyDir = join(folder.path, 'policies')
  mkdirSync(policyDir)
  const apply = (...names: readonly string[]) => {
    for (const name of names) {
      const [kind = name] = name.split('-')
      cpSync(
        join(repositoryRoot, 'deploy/policies', `${name}.yaml`),
        join(policyDir, `${kind}.yaml`)
      )
    }
  }
  apply('permissive-on')

  const start = async (app: string, env: Readonly<Record<string, string>>) =>
    stack.use(await startApp({ main: `apps/${app}/src/main.ts`, env }))
  const warehouse = await start('bookwarehouse', {
    IDENTITY: 'bookwarehouse',
    DATABASE_URL: `sqlite:${join(folder.path, 'stock.db')}`
  })
  const mesh = (account: string, addresses: Record<string, readonly string[]>) => ({
    POLICY_DIR: policyDir,
    MESH_ACCOUNT: account,
    MESH_TOPOLOGY: JSON.stringify(withAddresses(defaultTopology(), addresses))
  })
  const toWarehouse = { bookwarehouse: [warehouse.url] }
  const [v1, v2] = await Promise.all([
    start('bookstore', { IDENTITY: 'bookstore-v1', ...mesh('bookstore/bookstore', toWarehouse) }),
    start('bookstore', { IDENTITY: 'bookstore-v2', ...mesh('bookstore/bookstore-v2', toWarehouse) })
  ])
  const toStores = { 'bookstore-v1': [v1.url], 'bookstore-v2': [v2.url] }
  const pace = { CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '0.01' }
  const [buyer, thief] = await Promise.all([
    start('bookbuyer', { ...mesh('bookbuyer/bookbuyer', toStores), ...pace, ...options.buyer }),
    start('bookthief', { ...mesh('bookthief/bookthief', toStores), ...pace, ...options.thief })
  ])
  return {
    warehouse,
    v1,
    v2,
    buyer,
    thief,
    policyDir,
    apply,
    [Symbol.asyncDispose]: () => stack.disposeAsync()
  }
}

/** The body of a JSON answer. */
export async function json<T = Record<string, never>>(url: string): Promise<T> {
  const answer = await fetch(url)
  return (await answer.json()) as T
}
