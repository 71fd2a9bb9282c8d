import { setTimeout as sleep } from 'node:timers/promises'
import type { AttemptRecord, EgressRecord, PolicyStatus, PromiseResult, Snapshot } from '@bookstore/contract'
import type { PromiseOutlook } from '@bookstore/policy'
import type { ApiClient } from '../api/api-client.ts'
import { CommandError } from '../command.ts'

/** What a buyer tells of the promises made to it. */
export interface BuyerOutlook {
  readonly policies: Pick<PolicyStatus, 'kind' | 'problems'>
  readonly outlook: PromiseOutlook | null
}

/** The buyer as the one who causes what a promise is about. */
export interface Buyer {
  outlook(): Promise<BuyerOutlook>
  snapshot(): Promise<Snapshot>
  /** Buys so much, so many at a time; gives each attempt. */
  buy(size: { readonly purchases: number; readonly concurrency: number }): Promise<readonly AttemptRecord[]>
  /** Reaches outside the mesh once at each of its addresses. */
  leave(): Promise<readonly EgressRecord[]>
  keepProof(results: readonly PromiseResult[]): Promise<void>
  /** Ends a burst that is running and begins a fresh window, for which nothing is bought. */
  settle(): Promise<void>
}

const LOOK_EVERY_MS = 50
const LONGEST_BURST_MS = 180_000

/** The buyer at an address. */
export function createBuyer(url: string, api: ApiClient, signal: AbortSignal): Buyer {
  const json = { 'content-type': 'application/json' }
  const burst = () =>
    api.json(`${url}/api/burst`) as Promise<{
      readonly progress?: { readonly running: boolean } | null
      readonly attempts?: readonly AttemptRecord[]
    }>
  return {
    async outlook() {
      const answer = await api.json(`${url}/api/promises`)
      if (!('policies' in answer && 'outlook' in answer)) throw notOurs(`${url}/api/promises`)
      return answer as unknown as BuyerOutlook
    },
    snapshot: () => api.snapshot(url),
    async buy(size) {
      const deadline = performance.now() + LONGEST_BURST_MS
      const inTime = async () => {
        await sleep(LOOK_EVERY_MS, undefined, { signal })
        if (performance.now() > deadline) {
          throw new CommandError(`${url}: expected a burst to end within ${LONGEST_BURST_MS / 1000} s, it did not`)
        }
      }
      // somebody else's burst may be running
      while (!(await api.burst(url, size))) await inTime()
      for (;;) {
        await inTime()
        const { progress, attempts } = await burst()
        if (attempts === undefined) throw notOurs(`${url}/api/burst`)
        if (!progress?.running) return attempts
      }
    },
    async leave() {
      const { body } = await api.send({ url: `${url}/api/egress`, method: 'POST' })
      return (JSON.parse(body) as { readonly requests: readonly EgressRecord[] }).requests
    },
    async keepProof(results) {
      const body = JSON.stringify({ results })
      await api.send({ url: `${url}/api/promises`, method: 'PUT', headers: json, body })
    },
    async settle() {
      await api.send({ url: `${url}/api/burst`, method: 'DELETE' })
      const body = JSON.stringify({ burst: false })
      await api.send({ url: `${url}/api/windows`, method: 'POST', headers: json, body }, 202)
    }
  }
}

function notOurs(url: string): CommandError {
  return new CommandError(`${url}: expected a bookbuyer that tells what is promised, got something else`)
}
