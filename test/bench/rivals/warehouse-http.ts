// The warehouse's own HTTP server with nothing behind it: what HTTP alone allows.
import { createReadiness, createRequestMetrics, Registry, silentLogs } from '@bookstore/common'
import { buildApp } from '../../../apps/bookwarehouse/src/app.ts'
import { listen } from './listen.ts'

let total = 0
const app = buildApp({
  identity: 'bookwarehouse',
  logger: silentLogs().logger,
  readiness: createReadiness(),
  requestMetrics: createRequestMetrics(new Registry()),
  warehouse: {
    restock: async ({ amount }) => {
      total += amount
      return { kind: 'added', total }
    },
    total: async () => total,
    start: () => undefined,
    close: async () => undefined
  }
})
await app.ready()
listen(app.server)
