import { type RunningApp, startApp, tempDir, waitFor } from '@bookstore/testing'

/** All four kinds of service as real processes, each reachable, nothing on the way. */
export interface Shop extends AsyncDisposable {
  readonly bookwarehouse: RunningApp
  readonly bookstore: RunningApp
  readonly bookbuyer: RunningApp
  readonly bookthief: RunningApp
}

export type AppName = 'bookwarehouse' | 'bookstore' | 'bookbuyer' | 'bookthief'

export const APP_NAMES: readonly AppName[] = [
  'bookwarehouse',
  'bookstore',
  'bookbuyer',
  'bookthief'
]

/** Starts a service by its name, with the settings. */
export function startNamed(name: AppName, env: Readonly<Record<string, string>>) {
  return startApp({ main: `apps/${name}/src/main.ts`, env, timeoutMs: 60_000 })
}

/** Starts the shop; buyer and thief buy once and then no more. Every service gets `common` as further settings. */
export async function startShop(common: Readonly<Record<string, string>> = {}): Promise<Shop> {
  await using stack = new AsyncDisposableStack()
  const dir = stack.use(await tempDir('bookstore-abuse-'))
  const bookwarehouse = stack.use(
    await startNamed('bookwarehouse', {
      DATABASE_URL: `sqlite:${dir.join('stock.db')}`,
      LOG_LEVEL: 'warn',
      ...common
    })
  )
  const bookstore = stack.use(
    await startNamed('bookstore', {
      IDENTITY: 'bookstore-v1',
      BOOKWAREHOUSE_URL: bookwarehouse.url,
      ...common
    })
  )
  const env = {
    BOOKSTORE_URL: bookstore.url,
    CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '86400',
    ...common
  }
  const [bookbuyer, bookthief] = await Promise.all([
    startNamed('bookbuyer', env),
    startNamed('bookthief', env)
  ])
  stack.use(bookbuyer)
  stack.use(bookthief)
  await waitFor(async () => (await soldBy(bookstore)) === 2, { what: 'the first two purchases' })
  const kept = stack.move()
  return {
    bookwarehouse,
    bookstore,
    bookbuyer,
    bookthief,
    [Symbol.asyncDispose]: () => kept.disposeAsync()
  }
}

/** Sales of a store, by its own books. */
export async function soldBy({ url }: Pick<RunningApp, 'url'>): Promise<number> {
  const ledger = await fetch(`${url}/api/ledger`)
  return ((await ledger.json()) as { readonly sold: number }).sold
}
