import { type Logger, pause, type Readiness } from '@bookstore/common'
import type { Stock, StockUnavailableError } from './stock/stock.ts'

/** Watches over the connection to the database: opens it, notices its loss, and opens it again. */
export interface StockKeeper {
  start(): void
  isUp(): boolean
  /** Tells that the database failed, so that nobody else waits for it until it is back. */
  reportFailure(error: StockUnavailableError): void
  stop(): Promise<void>
}

export interface StockKeeperOptions {
  readonly stock: Pick<Stock, 'open' | 'check'>
  readonly readiness: Readiness
  readonly logger: Logger
  readonly onChange?: (isUp: boolean) => void
  readonly checkEveryMs?: number
  readonly minRetryMs?: number
  readonly maxRetryMs?: number
}

const PART = 'database'

/** A keeper that says on `readiness` why the database cannot be used. */
export function createStockKeeper({
  stock,
  readiness,
  logger,
  onChange = () => undefined,
  checkEveryMs = 2_000,
  minRetryMs = 100,
  maxRetryMs = 2_000
}: StockKeeperOptions): StockKeeper {
  const stopping = new AbortController()
  let isUp = false
  let retryMs = minRetryMs
  let nap = new AbortController()
  let running: Promise<void> = Promise.resolve()

  const up = () => {
    if (stopping.signal.aborted || isUp) return
    isUp = true
    readiness.ready(PART)
    onChange(true)
    logger.info('database ready')
  }
  const down = (error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    if (isUp || !(PART in readiness.reasons())) logger.warn({ reason }, 'database lost')
    isUp = false
    readiness.notReady(PART, reason)
    onChange(false)
  }
  // several warehouses must not come back in step
  const retryPause = () => retryMs * (0.5 + Math.random() / 2)
  const retryLater = () => {
    retryMs = Math.min(retryMs * 2, maxRetryMs)
  }
  const watch = async () => {
    while (!stopping.signal.aborted) {
      const wasUp = isUp
      try {
        await (wasUp ? stock.check() : stock.open())
        // not at opening: a full disk opens well and fails at the next restock
        if (wasUp) retryMs = minRetryMs
        up()
      } catch (error) {
        down(error)
        retryLater()
      }
      nap = new AbortController()
      const pauseMs = isUp ? checkEveryMs : retryPause()
      await pause(pauseMs, AbortSignal.any([nap.signal, stopping.signal]))
      if (!nap.signal.aborted) continue
      await pause(retryPause(), stopping.signal)
      retryLater()
    }
  }

  readiness.notReady(PART, 'not connected yet')
  return {
    start() {
      running = watch()
    },
    isUp: () => isUp,
    reportFailure(error) {
      if (!isUp) return
      down(error)
      nap.abort()
    },
    async stop() {
      stopping.abort()
      await running
    }
  }
}
