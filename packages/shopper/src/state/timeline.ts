import { createHistogram } from 'node:perf_hooks'
import type { TimelineBucket } from '@bookstore/contract'
import type { Outcome } from '../shopping/outcome.ts'

const SECONDS_PER_DAY = 86_400

/** What happened in each second of the last 24 hours, in memory that is taken once. */
export interface Timeline {
  record(outcome: Outcome, elapsedMs: number | undefined, at: number): void
  /** Seconds from `since` (ms since the epoch) to now, oldest first; seconds without shopping are left out. */
  read(range: { readonly since: number; readonly now: number }): readonly TimelineBucket[]
}

/**
 * A ring of one-second buckets in typed arrays: 24 h with 8 versions come to 5 MB whatever is bought.
 * The last column is named `other` and counts all versions from the eighth on.
 */
export function createTimeline({
  seconds = SECONDS_PER_DAY,
  maxVersions = 8
}: {
  readonly seconds?: number
  readonly maxVersions?: number
} = {}): Timeline {
  // one more than the second since the epoch, and 0 for never: zeros take no memory until they are written
  const secondOf = new Uint32Array(seconds)
  const bought = Array.from({ length: maxVersions }, () => new Uint32Array(seconds))
  const denied = new Uint32Array(seconds)
  const failed = new Uint32Array(seconds)
  const p50 = new Float32Array(seconds)
  const p95 = new Float32Array(seconds)
  const versions: string[] = []
  const latency = createHistogram()
  // the second whose latencies are in the histogram, as in `secondOf`
  let latencySecond = 0

  const columnOf = (version: string): Uint32Array => {
    let index = versions.indexOf(version)
    if (index < 0 && versions.length < maxVersions) {
      index = versions.push(versions.length === maxVersions - 1 ? 'other' : version) - 1
    }
    return bought[index < 0 ? maxVersions - 1 : index] as Uint32Array
  }
  const openSlot = (at: number): number => {
    const second = Math.floor(at / 1000)
    const slot = second % seconds
    if (secondOf[slot] === second + 1) return slot
    secondOf[slot] = second + 1
    for (const column of [...bought, denied, failed, p50, p95]) column[slot] = 0
    return slot
  }
  // percentiles cost more than all the rest of a purchase here, so they are read off once a second or look
  const keepPercentiles = () => {
    if (latencySecond === 0) return
    const slot = (latencySecond - 1) % seconds
    // unless a day went by, and the slot has become another second's
    if (secondOf[slot] !== latencySecond) return
    p50[slot] = latency.percentile(50) / 1000
    p95[slot] = latency.percentile(95) / 1000
  }
  const recordLatency = (slot: number, elapsedMs: number) => {
    const second = secondOf[slot] ?? 0
    if (second !== latencySecond) {
      keepPercentiles()
      latency.reset()
    }
    latencySecond = second
    latency.record(Math.max(1, Math.round(elapsedMs * 1000)))
  }
  const bucket = (slot: number): TimelineBucket => ({
    at: ((secondOf[slot] ?? 1) - 1) * 1000,
    byVersion: Object.fromEntries(versions.map((version, index) => [version, bought[index]?.[slot] ?? 0])),
    denied: denied[slot] ?? 0,
    failed: failed[slot] ?? 0,
    p50: p50[slot] || null,
    p95: p95[slot] || null
  })
  const add = (column: Uint32Array, slot: number) => {
    column[slot] = (column[slot] ?? 0) + 1
  }

  return {
    record(outcome, elapsedMs, at) {
      const slot = openSlot(at)
      if (outcome.kind === 'bought') add(columnOf(outcome.version), slot)
      else add(outcome.kind === 'denied' ? denied : failed, slot)
      if (outcome.kind === 'bought' && elapsedMs !== undefined) recordLatency(slot, elapsedMs)
    },
    read({ since, now }) {
      keepPercentiles()
      const last = Math.floor(now / 1000)
      const first = Math.max(Math.ceil(since / 1000), last - seconds + 1, 0)
      const buckets: TimelineBucket[] = []
      for (let second = first; second <= last; second++) {
        if (secondOf[second % seconds] === second + 1) buckets.push(bucket(second % seconds))
      }
      return buckets
    }
  }
}
