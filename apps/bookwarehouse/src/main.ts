import {
  createEpisodes,
  createLogs,
  createReadiness,
  createRegistry,
  createRequestMetrics,
  openTracing,
  runMain,
  runService
} from '@bookstore/common'
import { buildApp } from './app.ts'
import { readWarehouseConfig } from './config.ts'
import { openProbeWay } from './probe-way.ts'
import { createStock } from './stock/create-stock.ts'
import { createWarehouse } from './warehouse.ts'

runMain(async () => {
  const config = readWarehouseConfig(process.env, process.argv.slice(2))
  const logs = await createLogs({
    service: 'bookwarehouse',
    identity: config.identity,
    format: config.logFormat,
    level: config.logLevel
  })
  const registry = createRegistry({ app: 'bookwarehouse', identity: config.identity })
  const episodes = createEpisodes({ logger: logs.logger })
  const readiness = createReadiness()
  const tracing = await openTracing(process.env, { app: 'bookwarehouse', identity: config.identity, episodes })
  const stock = await createStock(config.database, {
    timeoutMs: config.databaseTimeoutMs,
    connections: config.maxTransactions + 3
  })
  const warehouse = createWarehouse({
    stock,
    logs,
    registry,
    readiness,
    episodes,
    tracing,
    maxBatch: config.maxBatch,
    maxTransactions: config.maxTransactions,
    maxWaiting: config.maxWaiting
  })
  const app = buildApp({
    warehouse,
    identity: config.identity,
    logger: logs.logger,
    readiness,
    episodes,
    tracing,
    requestMetrics: createRequestMetrics(registry),
    maxConcurrentRequests: config.maxConcurrentRequests,
    allowedHosts: config.allowedHosts,
    openProbe: () => openProbeWay(config)
  })
  await runService({
    config,
    logger: logs.logger,
    app,
    registry,
    readiness,
    tracing,
    started: () => {
      warehouse.start()
      return undefined
    },
    afterDrain: [{ name: 'close database', run: () => warehouse.close() }]
  })
})
