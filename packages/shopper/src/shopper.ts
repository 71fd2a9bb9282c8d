import { setInterval } from 'node:timers/promises'
import { everySecond, type HttpClient, type Logger, type OsmLine, type Tracing } from '@bookstore/common'
import { DEFAULT_BURST } from './api/burst-size.ts'
import type { ShopperControls } from './api/controls.ts'
import type { ShopperConfig } from './config.ts'
import { judgeAttempt } from './expected-attempt.ts'
import { createJournal } from './journal.ts'
import type { Lesson } from './lesson/lesson.ts'
import type { ShopperMetrics } from './metrics/shopper-metrics.ts'
import { createNarrator } from './osm-narrator.ts'
import type { PromiseBoard } from './promises/promise-board.ts'
import { egressRecord } from './shopping/attempt-record.ts'
import { createBurst } from './shopping/burst.ts'
import { shop } from './shopping/loop.ts'
import { createStoreVisits, type StoreVisits } from './shopping/store-visits.ts'
import type { ShopperState } from './state/shopper-state.ts'

export interface ShopperOptions {
  readonly config: ShopperConfig
  readonly client: HttpClient
  readonly state: ShopperState
  readonly logger: Logger
  readonly osmLine: OsmLine
  readonly metrics: ShopperMetrics
  readonly board: PromiseBoard
  readonly lesson?: Lesson | undefined
  readonly tracing?: Tracing | undefined
  /** Fires when shopping must end. */
  readonly signal: AbortSignal
}

/** A shopper at work: what its routes need, and its loop. */
export interface Shopper {
  readonly controls: ShopperControls
  /** Shops until the signal fires; resolves with an exit code when the allowed iterations are used up. */
  run(): Promise<number>
}

/** How often declarations are compared with the policies. */
const REVIEW_MS = 250

/** Puts loop, burst, state and narrator together. */
export function createShopper(options: ShopperOptions): Shopper {
  const { config, client, state, logger, metrics, board, signal } = options
  const journal = createJournal({ logger, expected: state.expectedAccess })
  const visits = createStoreVisits({
    client,
    store: config.store,
    versionSource: config.versionSource,
    egressUrls: config.egressUrls,
    proxy: state.proxy,
    tracing: options.tracing,
    beginPurchase: state.begin,
    onPurchase(attempt, seconds, trace) {
      state.observe(attempt, Date.now())
      metrics.attempted(attempt, seconds, trace)
      journal.attempted(attempt)
    },
    signal
  })
  const burst = createBurst(visits.buy, signal)
  const snapshot = () => state.snapshot(Date.now(), burst.progress())
  return {
    controls: {
      snapshot,
      timeline: sinceMs => state.timeline(sinceMs, Date.now()),
      picture: () => state.picture(Date.now()),
      reset: () => state.reset(Date.now()),
      confirm() {
        state.openWindow(Date.now())
        void this.startBurst(DEFAULT_BURST)
      },
      openWindow: () => state.openWindow(Date.now()),
      promises: board.read,
      lesson: options.lesson,
      keepProof: results => board.keep(results, Date.now()),
      declare: (split, detail) => state.declare(split, detail, Date.now()),
      startBurst(size) {
        const started = burst.start(size)
        started?.catch(error => logger.error({ err: error }, 'the burst broke off'))
        return started !== undefined
      },
      stopBurst: burst.stop,
      burstProgress: burst.progress,
      burstAttempts: burst.attempts,
      leave: async () => (await visits.leave()).map(egressRecord)
    },
    async run() {
      const stopTelling = everySecond(() => journal.review(snapshot()))
      const shopping = keepShopping(options, visits.visit, snapshot)
      // reviewing has no end of its own; it is raced so that its failure ends the run
      await Promise.race([shopping, review(options)])
      return shopping.finally(stopTelling)
    }
  }
}

async function keepShopping(
  { config, osmLine, state, signal }: ShopperOptions,
  visit: StoreVisits['visit'],
  snapshot: ShopperControls['snapshot']
): Promise<number> {
  const finished = new AbortController()
  const { egressUrls } = config
  const narrator = createNarrator({
    ...config,
    osmLine,
    judge: attempt => judgeAttempt(attempt, { expected: state.expectedAccess(), egressUrls }),
    isFailing: atMostEvery(1000, () => snapshot().headline.status === 'fail')
  })
  let exitCode = 0
  await shop({
    ...config,
    visit,
    onIteration(iteration) {
      const code = narrator.tell(iteration)
      if (code === undefined) return
      exitCode = code
      finished.abort()
    },
    signal: AbortSignal.any([signal, finished.signal])
  })
  return exitCode
}

// a verdict costs some hundred microseconds, too much for every iteration of a quick shopper
function atMostEvery<T>(ms: number, read: () => T): () => T {
  let known: { readonly at: number; readonly value: T } | undefined
  return () => {
    const at = performance.now()
    if (known === undefined || at - known.at >= ms) known = { at, value: read() }
    return known.value
  }
}

async function review({ state, client, signal }: ShopperOptions): Promise<void> {
  try {
    for await (const _ of setInterval(REVIEW_MS, undefined, { signal })) {
      // answers on connections from before a change may still follow the old policy (Istio drains them for 45 s)
      if (state.review(Date.now())) client.renewConnections()
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
