import {
  createEpisodes,
  createHttpClient,
  createReadiness,
  createRequestMetrics,
  type Logs,
  Registry,
  silentLogs
} from '@bookstore/common'
import { destinationOf, restockRequest } from '@bookstore/contract'
import type { FastifyInstance } from 'fastify'
import { type BookstoreOptions, buildApp } from '../src/app.ts'
import type { LedgerStore } from '../src/ledger/ledger-store.ts'
import { createMemoryLedger } from '../src/ledger/memory-ledger.ts'
import { createBookstoreMetrics } from '../src/metrics.ts'
import { OutboxRelay, type OutboxRelayOptions } from '../src/outbox/outbox-relay.ts'
import { createRestockClient } from '../src/outbox/restock-client.ts'

/** A store in this process, whole but for `main.ts`. */
export interface Shop extends AsyncDisposable {
  readonly app: FastifyInstance
  readonly store: LedgerStore
  readonly relay: OutboxRelay
  readonly registry: Registry
}

export interface ShopOptions {
  readonly warehouseUrl?: string
  readonly store?: LedgerStore
  readonly logs?: Logs
  readonly relay?: Partial<OutboxRelayOptions>
  readonly app?: Partial<BookstoreOptions>
  /** Deadline of one restock call in ms. */
  readonly timeoutMs?: number
}

/** Builds it with its relay running; without a warehouse restocks just wait. */
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
  const relay = new OutboxRelay({
    store,
    logger: logs.logger,
    events: metrics,
    deliver: createRestockClient({ client, restock, identity: 'bookstore-v1', osmLine: logs.osmLine }),
    ...options.relay
  })
  metrics.readOutboxAge(() => relay.oldestAgeMs())
  relay.start()
  const app = buildApp({
    identity: 'bookstore-v1',
    readiness: createReadiness(),
    requestMetrics: createRequestMetrics(registry),
    logs,
    store,
    relay,
    metrics,
    episodes: createEpisodes({ logger: logs.logger }),
    outboxMax,
    ...options.app
  })
  return {
    app,
    store,
    relay,
    registry,
    async [Symbol.asyncDispose]() {
      await app.close()
      await relay.finish({ timeoutMs: 0 })
      await client.close()
    }
  }
}
