import { type RunningApp, soldBy, startApp, startBookstore, waitFor } from '@bookstore/testing'

export type AppName = 'bookwarehouse' | 'bookstore' | 'bookbuyer' | 'bookthief'

export const APP_NAMES: readonly AppName[] = ['bookwarehouse', 'bookstore', 'bookbuyer', 'bookthief']

/** One service of each kind, of a whole bookstore. */
export type Shop = Readonly<Record<AppName, RunningApp>> & AsyncDisposable

/** Starts a service by its name, with the settings. */
export function startNamed(name: AppName, env: Readonly<Record<string, string>>) {
  return startApp({ main: `apps/${name}/src/main.ts`, env, timeoutMs: 60_000 })
}

/** Starts a bookstore whose shoppers buy once and then no more. Every service gets `common` as further settings. */
export async function startShop(common: Readonly<Record<string, string>> = {}): Promise<Shop> {
  const bookstore = await startBookstore({
    env: () => ({ CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '86400', LOG_LEVEL: 'warn', ...common })
  })
  const { warehouse, v1, stores, buyer, thief } = bookstore
  const sold = async () => (await Promise.all(stores.map(soldBy))).reduce((a, b) => a + b, 0)
  await waitFor(async () => (await sold()) === 2, { what: 'the first two purchases' })
  return {
    bookwarehouse: warehouse,
    bookstore: v1,
    bookbuyer: buyer,
    bookthief: thief,
    [Symbol.asyncDispose]: () => bookstore[Symbol.asyncDispose]()
  }
}
