import {
  createHttpClient,
  createLogs,
  createReadiness,
  createRequestMetrics,
  Registry,
  runMain,
  runService
} from '@bookstore/common'
import { restockRequest } from '@bookstore/contract'
import { collectDefaultMetrics } from 'prom-client'
import { buildApp } from './app.ts'
import { readBookstoreConfig } from './config.ts'
import { flushOutbox, flushTimeoutMs } from './flush.ts'
import { createMemoryLedger } from './ledger/memory-ledger.ts'
import { openSqliteLedger } from './ledger/sqlite-ledger.ts'
import { openMesh } from './local-mesh.ts'
import { createBookstoreMetrics } from './metrics.ts'
import { OutboxRelay } from './outbox/outbox-relay.ts'
import { createRestockClient } from './outbox/restock-client.ts'

await runMain(async () => {
  const config = readBookstoreConfig(process.env, process.argv.slice(2))
  const logs = createLogs({
    service: 'bookstore',
    format: config.logFormat,
    level: config.logLevel
  })
  const { logger, osmLine } = logs
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const readiness = createReadiness()
  const store = config.outboxDir ? openSqliteLedger(config.outboxDir) : createMemoryLedger()
  const metrics = createBookstoreMetrics(registry, { store, outboxMax: config.outboxMax })
  const mesh = await openMesh(config, logger)
  const client = createHttpClient({ connections: 2, interceptors: mesh.interceptors })
  const relay = new OutboxRelay({
    store,
    logger,
    deliver: createRestockClient({ client, restock: restockRequest(config.warehouse), osmLine }),
    onAttempt: metrics.attempted,
    batchMax: config.outboxBatchMax
  })
  const app = buildApp({
    ...config,
    logs,
    readiness,
    store,
    relay,
    metrics,
    observeRequest: createRequestMetrics(registry)
  })
  const timeoutMs = flushTimeoutMs(store, config)
  await runService({
    config,
    logger,
    app,
    registry,
    readiness,
    started() {
      relay.start()
      return undefined
    },
    afterDrain: [
      {
        name: 'flush the outbox',
        run: () => flushOutbox({ relay, store, logger, timeoutMs })
      },
      { name: 'close the warehouse client', run: () => client.close() },
      { name: 'close the mesh', run: () => mesh.close() },
      { name: 'close the books', run: () => store.close() }
    ]
  })
})
