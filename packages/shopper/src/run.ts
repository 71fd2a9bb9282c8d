import {
  createEpisodes,
  createHttpClient,
  createLogs,
  createReadiness,
  createRegistry,
  createRequestMetrics,
  createSameOriginCheck,
  createServer,
  type Env,
  openTracing,
  runService
} from '@bookstore/common'
import type { ShopperRole } from '@bookstore/contract'
import { addShopperRoutes } from './api/routes.ts'
import { readShopperConfig } from './config.ts'
import { openLesson } from './lesson/open-lesson.ts'
import { createShopperMetrics } from './metrics/shopper-metrics.ts'
import { addSnapshotMetrics } from './metrics/snapshot-metrics.ts'
import { loadPageView } from './page-view.ts'
import { openPolicies } from './policies.ts'
import { createPromiseBoard } from './promises/promise-board.ts'
import { keepRecording, openRecorder } from './record/open-recorder.ts'
import { createShopper } from './shopper.ts'
import { createShopperState } from './state/shopper-state.ts'

/** The whole of bookbuyer and bookthief: shops, judges, and shows both on a page, until it is told to stop. */
export async function runShopper(role: ShopperRole, env: Env, argv: readonly string[]): Promise<never> {
  const config = readShopperConfig(role, env, argv)
  const { logger, osmLine } = await createLogs({
    service: role,
    identity: config.identity,
    format: config.logFormat,
    level: config.logLevel
  })
  const registry = createRegistry({ app: role, identity: config.identity })
  const metrics = createShopperMetrics(registry)
  const readiness = createReadiness()

  const episodes = createEpisodes({ logger })
  const tracing = await openTracing(env, { app: role, identity: config.identity, episodes })
  const policies = await openPolicies(config, { logger, registry })
  const { interceptors } = policies
  const client = createHttpClient({
    timeoutMs: config.requestTimeoutMs,
    keepAlive: config.keepAlive,
    tracing,
    interceptors
  })
  const bare = createShopperState(config, { policies: policies.view, now: Date.now() })
  const recorder = openRecorder(config, bare, logger)
  const state = recorder?.state ?? bare
  const closing = new AbortController()
  const board = createPromiseBoard(policies.view)
  const lesson = openLesson(config, policies)
  const { signal } = closing
  const shopper = createShopper({ config, client, state, logger, osmLine, metrics, board, lesson, tracing, signal })

  const app = createServer({
    ...config,
    logger,
    readiness,
    episodes,
    tracing,
    requestMetrics: createRequestMetrics(registry)
  })
  addShopperRoutes(app, {
    ...config,
    controls: shopper.controls,
    onListeners: metrics.listenersAre,
    record: recorder?.read,
    cells: () => policies.view().cells,
    openProbe: () => ({ interceptors }),
    page: loadPageView(),
    sameOrigin: createSameOriginCheck(config.allowedHosts)
  })
  addSnapshotMetrics(registry, shopper.controls.snapshot)

  return runService({
    config,
    logger,
    app,
    registry,
    readiness,
    tracing,
    started(stop) {
      stop.addEventListener('abort', () => closing.abort(), { once: true })
      if (recorder === undefined) return shopper.run()
      // recording has no end of its own; it is raced so that its failure ends the run
      const shopping = shopper.run()
      const recording = keepRecording(recorder, shopper.controls.snapshot, closing.signal).then(() => shopping)
      return Promise.race([shopping, recording])
    },
    afterDrain: [
      { name: 'close the record', run: () => recorder?.stop(Date.now()) },
      { name: 'close the client', run: () => client.close() },
      { name: 'close the policies', run: () => policies.close() }
    ]
  })
}
