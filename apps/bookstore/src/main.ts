import {
  createEpisodes,
  createHttpClient,
  createLogs,
  createReadiness,
  createRegistry,
  createRequestMetrics,
  openTracing,
  runMain,
  runService
} from '@bookstore/common'
import { restockRequest } from '@bookstore/contract'
import { buildApp } from './app.ts'
import { readBookstoreConfig } from './config.ts'
import { createFaultSwitch } from './faults/fault-switch.ts'
import { flushOutbox, flushTimeoutMs } from './flush.ts'
import { createMemoryLedger } from './ledger/memory-ledger.ts'
import { openSqliteLedger } from './ledger/sqlite-ledger.ts'
import { openMesh } from './local-mesh.ts'
import { createBookstoreMetrics } from './metrics.ts'
import { OutboxRelay } from './outbox/outbox-relay.ts'
import { createRestockClient } from './outbox/restock-client.ts'

runMain(async () => {
  const config = readBookstoreConfig(process.env, process.argv.slice(2))
  const logs = await createLogs({
    service: 'bookstore',
    identity: config.identity,
    format: config.logFormat,
    level: config.logLevel
  })
  const { logger, osmLine } = logs
  const registry = createRegistry({ app: 'bookstore', identity: config.identity })
  const readiness = createReadiness()
  const store = config.outboxDir ? openSqliteLedger(config.outboxDir) : createMemoryLedger()
  const metrics = createBookstoreMetrics(registry, { store, outboxMax: config.outboxMax })
  const episodes = createEpisodes({ logger })
  const tracing = await openTracing(process.env, { app: 'bookstore', identity: config.identity, episodes })
  const mesh = await openMesh(config, { logger, registry })
  const client = createHttpClient({ connections: 2, tracing, interceptors: mesh.interceptors })
  const relay = new OutboxRelay({
    store,
    logger,
    deliver: createRestockClient({
      client,
      restock: restockRequest(config.warehouse),
      identity: config.identity,
      osmLine
    }),
    events: metrics,
    tracing,
    batchMax: config.outboxBatchMax,
    waitMs: config.restockWaitMs
  })
  metrics.readOutboxAge(() => relay.oldestAgeMs())
  const { initialFaults: initial } = config
  const app = buildApp({
    ...config,
    faults: initial && createFaultSwitch({ initial }),
    openProbe: () => ({ interceptors: mesh.interceptors }),
    logs,
    readiness,
    store,
    relay,
    metrics,
    episodes,
    tracing,
    requestMetrics: createRequestMetrics(registry)
  })
  const timeoutMs = flushTimeoutMs(store, config)
  await runService({
    config,
    logger,
    app,
    registry,
    readiness,
    tracing,
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
