import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from '@bookstore/testing'
import { readBuyer } from './books.ts'
import type { Service } from './service.ts'

/** A buyer that buys without a pause. */
export interface Load {
  /** Resolves when that many more purchases were tried. */
  more(purchases: number): Promise<void>
  /** Resolves when that many more books were bought. */
  moreBought(books: number): Promise<void>
  /** Lets the last purchases end. */
  stop(): Promise<void>
}

export const CONCURRENCY = 16

// short enough that a stop during a fault does not take long
const BURST = 400

/**
 * Makes the buyer buy, burst after burst. Answers of a dead buyer end the load without an error: it may be what a test
 * kills.
 */
export function keepBuying(buyer: Pick<Service, 'url'>): Load {
  const stopping = new AbortController()
  const running = buyUntil(stopping.signal, buyer)
  // told by stop
  running.catch(() => undefined)
  const counted = async (what: 'attempts' | 'bought', wanted: number) => {
    const start = await countOf(buyer, what)
    await waitFor(async () => (await countOf(buyer, what)) >= start + wanted, {
      timeoutMs: 40_000,
      what: `${wanted} more ${what}`
    })
  }
  return {
    more: purchases => counted('attempts', purchases),
    moreBought: books => counted('bought', books),
    async stop() {
      stopping.abort()
      await running
    }
  }
}

async function countOf(buyer: Pick<Service, 'url'>, what: 'attempts' | 'bought'): Promise<number> {
  const { counts } = await readBuyer(buyer)
  return what === 'bought' ? counts.bought : counts.bought + counts.denied + counts.failed
}

async function buyUntil(signal: AbortSignal, buyer: Pick<Service, 'url'>): Promise<void> {
  try {
    while (!signal.aborted) {
      await startBurst(buyer, BURST)
      while ((await readBuyer(buyer)).burst?.running) await sleep(50)
    }
  } catch (error) {
    if (!isGone(error)) throw error
  }
}

/** Lets the buyer buy that many books at once. */
export async function startBurst({ url }: Pick<Service, 'url'>, purchases: number): Promise<void> {
  const response = await fetch(`${url}/api/burst`, {
    method: 'POST',
    body: JSON.stringify({ purchases, concurrency: CONCURRENCY })
  })
  if (response.status !== 202) throw new Error(`expected a burst to start, got ${response.status}`)
}

function isGone(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'fetch failed'
}
