import {
  createHttpClient,
  createReadiness,
  createRequestMetrics,
  type Logs,
  Registry,
  silentLogs
} from '@bookstore/common'
import { destinationOf, restockRequest } from '@bookstore/contract'
import type { FastifyInstance } from 'fastify'
import { type BookstoreOptions, buildApp } from '../app.ts'
import type { LedgerStore } from '../ledger/ledger-store.ts'
import { createMemoryLedger } from '../ledger/memory-ledger.ts'
import { createBookstoreMetrics } from '../metrics.ts'
import { Courier, type CourierOptions } from '../outbox/courier.ts'
import { createRestockClient } from '../outbox/restock-client.ts'

/** A store in this process, whole but for `main.ts`. */
export interface Shop extends AsyncDisposable {
  readonly app: FastifyInstance
  readonly store: LedgerStore
  readonly courier: Courier
  readonly registry: Registry
}

export interface ShopOptions {
  readonly warehouseUrl?: string
  readonly store?: LedgerStore
  readonly logs?: Logs
  readonly courier?: Partial<CourierOptions>
  readonly app?: Partial<BookstoreOptions>
  /** Deadline of one restock call in ms. */
  readonly timeoutMs?: number
}

/** Builds it with its courier running; without a warehouse restocks just wait. */
export function buildShop({
  warehouseUrl = 'http://127.0.0.1:1',
  store = createMemoryLedger({ instance: 'instance-1' }),
  logs = silentLogs(),
  timeoutMs = 5_000,
  ...options
}: ShopOptions = {}): Shop {
  const registry = new Registry()
  const outboxMax = options.app?.outboxMax ?? 1_000
  const metrics = createBookstoreMetrics(registry, { store, outboxMax })
  const client = createHttpClient({ timeoutMs })
  const restock = restockRequest(destinationOf({ name: 'w', namespace: 'n' }, warehouseUrl))
  const courier = new Courier({
    store,
    logger: logs.logger,
    onAttempt: metrics.attempted,
    deliver: createRestockClient({ client, restock, osmLine: logs.osmLine }),
    ...options.courier
  })
  courier.start()
  const app = buildApp({
    identity: 'bookstore-v1',
    readiness: createReadiness(),
    observeRequest: createRequestMetrics(registry),
    logs,
    store,
    courier,
    metrics,
    outboxMax,
    ...options.app
  })
  return {
    app,
    store,
    courier,
    registry,
    async [Symbol.asyncDispose]() {
      await app.close()
      await courier.finish({ timeoutMs: 0 })
      await client.close()
    }
  }
}
