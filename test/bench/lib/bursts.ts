import { waitFor } from '@bookstore/testing'

const LARGEST_BURST = 10_000

/** A running shopper. */
interface Shopper {
  readonly url: string
}

interface BurstState {
  readonly burst: { readonly running: boolean; readonly done: number } | null
}

/** Has a shopper try to buy so many books over 64 connections and waits for the end; gives the seconds it took. */
export async function buyMany(shopper: Shopper, purchases: number): Promise<number> {
  const startedAt = performance.now()
  for (let left = purchases; left > 0; left -= LARGEST_BURST) await burst(shopper, Math.min(left, LARGEST_BURST))
  return (performance.now() - startedAt) / 1000
}

async function burst({ url }: Shopper, purchases: number): Promise<void> {
  const answer = await fetch(`${url}/api/burst`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ purchases, concurrency: 64 })
  })
  if (answer.status !== 202) throw new Error(`expected a burst to begin, got ${answer.status}: ${await answer.text()}`)
  const isOver = async () => {
    const { burst: state } = (await (await fetch(`${url}/api/snapshot`)).json()) as BurstState
    return state !== null && !state.running && state.done === purchases
  }
  await waitFor(isOver, { what: 'the end of the burst', timeoutMs: 120_000 })
}
