import { type RecordedSecond, readClientIdentity } from '@bookstore/contract'
import type { Attempt } from '../shopping/attempt.ts'
import { createBoundedCounter } from '../state/bounded-counter.ts'
import { detectMesh } from '../state/detect-mesh.ts'

/** Adds up attempts by the second in which their outcome was known. */
export interface SecondCounter {
  observe(attempt: Attempt): void
  /** Every second from the last one taken up to `until` (ms since the epoch, excluded), those without attempts too. */
  take(until: number): readonly RecordedSecond[]
}

const MOST_TIMES = 1_000
// a clock that jumps ahead must not bring hours of seconds that never were
const LONGEST_GAP_S = 60

/**
 * Counts from the first whole second after `startedAt`: one that was seen in part says nothing of the rest of it. What
 * was met in it goes with the next one.
 */
export function createSecondCounter(startedAt: number): SecondCounter {
  let next = Math.ceil(startedAt / 1000)
  const open = new Map<number, Tally>()
  return {
    observe(attempt) {
      // what comes late for a second that was taken belongs to the next one: it is not to be lost
      const second = Math.max(secondOf(attempt.at), next)
      const tally = open.get(second) ?? createTally()
      open.set(second, tally)
      tally.add(attempt)
    },
    take(until) {
      const end = secondOf(until)
      const first = Math.max(next, end - LONGEST_GAP_S)
      const early = [...open.keys()].filter(second => second < first).sort((a, b) => a - b)
      const seconds = [...early, ...Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index)]
      next = Math.max(next, end)
      return seconds.map(second => {
        const tally = open.get(second)
        open.delete(second)
        return { at: second * 1000, ...tally?.read() }
      })
    }
  }
}

interface Tally {
  add(attempt: Attempt): void
  read(): Omit<RecordedSecond, 'at'>
}

function createTally(): Tally {
  const bought = createBoundedCounter()
  const reasons = createBoundedCounter()
  const proxies = createBoundedCounter()
  const times: number[] = []
  const count = { denied: 0, failed: 0, proven: 0 }
  return {
    add({ outcome, answer }) {
      if (outcome.kind === 'bought') bought.add(outcome.version)
      else count[outcome.kind]++
      if (outcome.kind !== 'bought') reasons.add(outcome.kind === 'denied' ? outcome.how : outcome.why)
      if (answer === undefined) return
      proxies.add(detectMesh(answer.headers).mesh)
      if (readClientIdentity(answer.headers) !== undefined) count.proven++
      if (outcome.kind === 'bought' && times.length < MOST_TIMES) times.push(answer.elapsedMs)
    },
    read() {
      const sorted = times.toSorted((a, b) => a - b)
      return {
        ...some('bought', bought.counts()),
        ...some('denied', count.denied),
        ...some('failed', count.failed),
        ...some('reasons', reasons.counts()),
        ...some('proxies', proxies.counts()),
        ...some('proven', count.proven),
        ...(sorted.length > 0 && { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) })
      }
    }
  }
}

function some<Name extends string>(name: Name, value: number | Readonly<Record<string, number>>) {
  const isEmpty = typeof value === 'number' ? value === 0 : Object.keys(value).length === 0
  return isEmpty ? {} : { [name]: value }
}

function quantile(sorted: readonly number[], share: number): number {
  return Math.round((sorted[Math.ceil(sorted.length * share) - 1] ?? 0) * 10) / 10
}

function secondOf(at: number): number {
  return Math.floor(at / 1000)
}
