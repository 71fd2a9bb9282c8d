import { createLogs, createReadiness, createRequestMetrics, Registry, runMain, runService } from '@bookstore/common'
import { collectDefaultMetrics } from 'prom-client'
import { buildApp } from './app.ts'
import { readWarehouseConfig } from './config.ts'
import { createStock } from './stock/create-stock.ts'
import { createWarehouse } from './warehouse.ts'

await runMain(async () => {
  const config = readWarehouseConfig(process.env, process.argv.slice(2))
  const logs = createLogs({
    service: 'bookwarehouse',
    format: config.logFormat,
    level: config.logLevel
  })
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const readiness = createReadiness()
  const stock = createStock(config.database, {
    timeoutMs: config.databaseTimeoutMs,
    connections: config.maxTransactions + 3
  })
  const warehouse = createWarehouse({
    stock,
    logs,
    registry,
    readiness,
    maxBatch: config.maxBatch,
    maxTransactions: config.maxTransactions,
    maxWaiting: config.maxWaiting
  })
  const app = buildApp({
    warehouse,
    identity: config.identity,
    logger: logs.logger,
    readiness,
    observeRequest: createRequestMetrics(registry),
    maxConcurrentRequests: config.maxConcurrentRequests,
    allowedHosts: config.allowedHosts
  })
  await runService({
    config,
    logger: logs.logger,
    app,
    registry,
    readiness,
    started: () => {
      warehouse.start()
      return undefined
    },
    afterDrain: [{ name: 'close database', run: () => warehouse.close() }]
  })
})
