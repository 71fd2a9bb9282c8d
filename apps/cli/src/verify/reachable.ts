import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../command.ts'

/** How long to wait for shoppers that are not reachable yet. */
export interface Waiting {
  /** How long the shopper may be out of reach at first: a sidecar needs a moment to learn whom it may call. */
  readonly waitMs?: number
  readonly signal: AbortSignal
  readonly lookEveryMs?: number
}

/** Looks until it is no CommandError or the time is up; what is wrong then is for the next look to tell. */
export async function waitUntilReachable(
  look: () => Promise<unknown>,
  { waitMs = 0, signal, lookEveryMs = 250 }: Waiting
): Promise<void> {
  const deadline = performance.now() + waitMs
  while (performance.now() < deadline) {
    try {
      await look()
      return
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      await sleep(lookEveryMs, undefined, { signal })
    }
  }
}
