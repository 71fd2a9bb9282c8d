import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { defaultTopology, withAddresses } from '@bookstore/contract'
import { type RunningApp, repositoryRoot, type StartAppOptions, startApp } from './start-app.ts'
import { type TempDir, tempDir } from './temp-dir.ts'

type Env = Readonly<Record<string, string>>

/**
 * Settings for tests in which a right split must pass: at the usual alpha chance alone raises an alarm in one of a hundred
 * such windows.
 */
export const RARE_ALARMS: Env = { VERDICT_ALPHA: '0.0001' }

/** The processes of a bookstore. */
export type ServiceName = 'bookwarehouse' | 'bookstore-v1' | 'bookstore-v2' | 'bookbuyer' | 'bookthief'

/** A whole bookstore of real processes, behind a local mesh over a folder of its own. */
export interface TestBookstore<App = RunningApp> extends AsyncDisposable {
  readonly warehouse: App
  readonly v1: App
  readonly v2: App
  readonly stores: readonly App[]
  readonly buyer: App
  readonly thief: App
  readonly all: readonly App[]
  readonly policyDir: string
  /** Puts files of deploy/policies in force, each instead of one of the same kind. */
  apply(...names: readonly string[]): void
}

export interface StartBookstoreOptions<App> {
  /** Files of deploy/policies that are in force from the start. */
  readonly policies?: readonly string[]
  /** Settings of a service, on top of the usual ones. */
  readonly env?: (name: ServiceName, dir: TempDir) => Env
  /** How a service is started. */
  readonly start: (name: ServiceName, options: StartAppOptions) => Promise<App>
}

/**
 * Starts all five services on ports that the system chooses; permissive and without a split unless `policies` says
 * more.
 */
export function startBookstore(options: Omit<StartBookstoreOptions<RunningApp>, 'start'> = {}): Promise<TestBookstore> {
  return startBookstoreOf({ ...options, start: (_name, app) => startApp(app) })
}

/** The same with services that are started in a way of the caller's own, such as restartable ones. */
export async function startBookstoreOf<App extends AsyncDisposable & { readonly url: string }>({
  policies = ['permissive-on'],
  env = () => ({}),
  start
}: StartBookstoreOptions<App>): Promise<TestBookstore<App>> {
  await using stack = new AsyncDisposableStack()
  const dir = stack.use(await tempDir())
  const policyDir = dir.join('policies')
  mkdirSync(policyDir)
  const apply = (...names: readonly string[]) => {
    for (const name of names) putPolicy(policyDir, name)
  }
  apply(...policies)

  const run = async (name: ServiceName, usual: Env) => {
    const main = `apps/${name.replace(/-v\d$/, '')}/src/main.ts`
    const mesh = { POLICY_DIR: policyDir, IDENTITY: name, ...usual, ...env(name, dir) }
    return stack.use(await start(name, { main, env: mesh }))
  }
  const reaching = (account: string, addresses: Readonly<Record<string, readonly string[]>>) => ({
    MESH_ACCOUNT: account,
    MESH_TOPOLOGY: JSON.stringify(withAddresses(defaultTopology(), addresses))
  })
  const warehouse = await run('bookwarehouse', { DATABASE_URL: `sqlite:${dir.join('stock.db')}` })
  const supply = { bookwarehouse: [warehouse.url] }
  const [v1, v2] = await Promise.all([
    run('bookstore-v1', reaching('bookstore/bookstore', supply)),
    run('bookstore-v2', reaching('bookstore/bookstore-v2', supply))
  ])
  const shops = { ...supply, 'bookstore-v1': [v1.url], 'bookstore-v2': [v2.url] }
  const [buyer, thief] = await Promise.all([
    run('bookbuyer', reaching('bookbuyer/bookbuyer', shops)),
    run('bookthief', reaching('bookthief/bookthief', shops))
  ])
  const kept = stack.move()
  return {
    warehouse,
    v1,
    v2,
    stores: [v1, v2],
    buyer,
    thief,
    all: [warehouse, v1, v2, buyer, thief],
    policyDir,
    apply,
    [Symbol.asyncDispose]: () => kept.disposeAsync()
  }
}

/** Sales of a store, by its own books. */
export async function soldBy({ url }: { readonly url: string }): Promise<number> {
  const ledger = await fetch(`${url}/api/ledger`)
  return ((await ledger.json()) as { readonly sold: number }).sold
}

function putPolicy(policyDir: string, name: string): void {
  const [kind = name] = name.split('-')
  cpSync(join(repositoryRoot, 'deploy/policies', `${name}.yaml`), join(policyDir, `${kind}.yaml`))
}
