import type { Logger } from '@bookstore/common'
import type { LedgerStore } from './ledger/ledger-store.ts'
import type { OutboxRelay } from './outbox/outbox-relay.ts'

/** Time in ms that a stopping store gives its outbox. Books that are kept on disk need no more than one good try. */
export function flushTimeoutMs(
  { isDurable }: LedgerStore,
  { shutdownDeadlineMs, drainWaitMs }: { readonly shutdownDeadlineMs: number; readonly drainWaitMs: number }
): number {
  // what is left of the deadline also has to do for the drain and the steps after the flush
  const share = Math.max(100, (shutdownDeadlineMs - drainWaitMs) * 0.6)
  return isDurable ? Math.min(share, 1_000) : share
}

/** Sends what is in the outbox before the store ends, and says what is left and whether that is lost. */
export async function flushOutbox({
  relay,
  store,
  logger,
  timeoutMs
}: {
  readonly relay: OutboxRelay
  readonly store: LedgerStore
  readonly logger: Logger
  readonly timeoutMs: number
}): Promise<void> {
  const books = await relay.finish({ timeoutMs })
  if (books === 0) return
  const { problem } = relay.status()
  const inDoubt = store.current().batch?.amount ?? 0
  if (store.isDurable) {
    logger.warn({ books, problem }, 'restocks stay in OUTBOX_DIR until the next start')
  } else {
    logger.error(
      { books, inDoubt, problem },
      'restocks are lost with this process, except those in doubt that did arrive; OUTBOX_DIR would keep them'
    )
  }
}
