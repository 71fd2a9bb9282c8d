import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultTopology, withAddresses } from '@bookstore/contract'
import { repositoryRoot, type TempDir, tempDir, waitFor } from '@bookstore/testing'
import { type Service, startService } from './service.ts'
import type { Road } from './tcp-proxy.ts'

type Env = Readonly<Record<string, string>>

export interface HouseOptions {
  readonly databaseUrl: string
  /** The way from the stores to the warehouse; direct when there is none. */
  readonly road?: Road
  /** Folder of the first store's outbox; one of the house's own when left out. */
  readonly outboxDir?: string
  readonly warehouseEnv?: Env
  readonly storeEnv?: Env
  readonly buyerEnv?: Env
}

/** A whole bookstore of real processes: a buyer whom the local mesh splits evenly over two stores with durable outboxes, and a warehouse. */
export interface House extends AsyncDisposable {
  readonly warehouse: Service
  readonly v1: Service
  readonly v2: Service
  readonly stores: readonly Service[]
  readonly buyer: Service
  readonly all: readonly Service[]
}

/** Starts the house; the buyer has bought its first book, and buys more only when it is told to. */
export async function startHouse(options: HouseOptions): Promise<House> {
  await using stack = new AsyncDisposableStack()
  const dir = stack.use(await tempDir('bookstore-house-'))
  const warehouse = stack.use(await startWarehouse(options))
  options.road?.leadTo(warehouse.port)
  const outbox = (name: string) => dir.join(name)
  const stores = await Promise.all([
    startStore('bookstore-v1', warehouse, {
      ...options,
      outboxDir: options.outboxDir ?? outbox('v1')
    }),
    startStore('bookstore-v2', warehouse, { ...options, outboxDir: outbox('v2') })
  ])
  const [v1, v2] = stores.map(store => stack.use(store)) as [Service, Service]
  const buyer = stack.use(await startBuyer(dir, [v1, v2], options))
  await isReady(warehouse)
  const kept = stack.move()
  return {
    warehouse,
    v1,
    v2,
    stores,
    buyer,
    all: [warehouse, v1, v2, buyer],
    [Symbol.asyncDispose]: () => kept.disposeAsync()
  }
}

/** Waits until a service says that it is ready. */
export async function isReady({ name, url }: Pick<Service, 'name' | 'url'>): Promise<void> {
  await waitFor(async () => (await fetch(`${url}/readiness`)).ok, {
    timeoutMs: 20_000,
    what: `${name} to be ready`
  })
}

function startWarehouse({ databaseUrl, warehouseEnv }: HouseOptions): Promise<Service> {
  return startService('bookwarehouse', {
    main: 'apps/bookwarehouse/src/main.ts',
    // a log line for every restock is kept by the test, too
    env: {
      DATABASE_URL: databaseUrl,
      DATABASE_TIMEOUT_MS: '1000',
      LOG_LEVEL: 'warn',
      ...warehouseEnv
    }
  })
}

function startStore(
  identity: string,
  warehouse: Service,
  { road, outboxDir, storeEnv }: HouseOptions
): Promise<Service> {
  return startService(identity, {
    main: 'apps/bookstore/src/main.ts',
    env: {
      IDENTITY: identity,
      BOOKWAREHOUSE_URL: `http://127.0.0.1:${road?.port ?? warehouse.port}`,
      ...(outboxDir === undefined ? {} : { OUTBOX_DIR: outboxDir }),
      ...storeEnv
    }
  })
}

async function startBuyer(
  dir: TempDir,
  [v1, v2]: readonly [Service, Service],
  { buyerEnv }: HouseOptions
): Promise<Service> {
  const policyDir = dir.join('policies')
  for (const file of ['access-buyer.yaml', 'split-50-50.yaml', 'permissive-off.yaml']) {
    await cp(join(repositoryRoot, 'deploy/policies', file), join(policyDir, file))
  }
  const addresses = { 'bookstore-v1': [v1.url], 'bookstore-v2': [v2.url] }
  return startService('bookbuyer', {
    main: 'apps/bookbuyer/src/main.ts',
    env: {
      POLICY_DIR: policyDir,
      MESH_TOPOLOGY: JSON.stringify(withAddresses(defaultTopology(), addresses)),
      MESH_ACCOUNT: 'bookbuyer/bookbuyer',
      // one purchase at the start, then only what a burst asks for, so that the books can be read at rest
      CI_SLEEP_BETWEEN_REQUESTS_SECONDS: '86400',
      REQUEST_TIMEOUT_MS: '2000',
      ...buyerEnv
    }
  })
}
