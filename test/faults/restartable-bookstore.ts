import { startBookstoreOf, type TestBookstore, waitFor } from '@bookstore/testing'
import type { FaultyLink } from './faulty-link.ts'
import { type Service, startService } from './service.ts'

type Env = Readonly<Record<string, string>>

export interface RestartableBookstoreOptions {
  readonly databaseUrl: string
  /** The way from the stores to the warehouse; the local mesh's when there is none. */
  readonly link?: FaultyLink
  /** Folder of the first store's outbox; one of the bookstore's own when left out. */
  readonly outboxDir?: string
  readonly warehouseEnv?: Env
  readonly storeEnv?: Env
  readonly shopperEnv?: Env
}

/** A bookstore whose services can die and come back. */
export type RestartableBookstore = TestBookstore<Service>

/**
 * Starts a bookstore with durable outboxes, which splits evenly and denies the thief. Each shopper tries to buy
 * once, and more only when it is told to, so that the books can be read at rest.
 */
export async function startRestartableBookstore(options: RestartableBookstoreOptions): Promise<RestartableBookstore> {
  const { databaseUrl, link, outboxDir, warehouseEnv, storeEnv, shopperEnv } = options
  const toWarehouse: Env = link ? { BOOKWAREHOUSE_URL: `http://127.0.0.1:${link.port}` } : {}
  const bookstore = await startBookstoreOf<Service>({
    policies: ['access-buyer', 'split-50-50', 'permissive-off'],
    env(name, dir) {
      if (name === 'bookwarehouse') {
        // a log line for every restock is kept by the test, too
        const usual = { DATABASE_TIMEOUT_MS: '1000', LOG_LEVEL: 'warn' }
        return { DATABASE_URL: databaseUrl, ...usual, ...warehouseEnv }
      }
      if (name === 'bookbuyer' || name === 'bookthief') {
        const usual = { CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '86400', REQUEST_TIMEOUT_MS: '2000' }
        return { ...usual, ...shopperEnv }
      }
      const own = name === 'bookstore-v1' ? outboxDir : undefined
      return { OUTBOX_DIR: own ?? dir.join(name), ...toWarehouse, ...storeEnv }
    },
    async start(name, app) {
      const service = await startService(name, app)
      if (name === 'bookwarehouse') link?.leadTo(service.port)
      return service
    }
  })
  await isReady(bookstore.warehouse)
  return bookstore
}

/** Waits until a service says that it is ready. */
export async function isReady({ name, url }: Pick<Service, 'name' | 'url'>): Promise<void> {
  await waitFor(async () => (await fetch(`${url}/readiness`)).ok, {
    timeoutMs: 20_000,
    what: `${name} to be ready`
  })
}
