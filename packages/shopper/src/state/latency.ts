import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import type { Latency } from '@bookstore/contract'

/** Answer times by version, in constant memory (Node's own HDR histogram, in microseconds). */
export interface LatencyByVersion {
  record(version: string, elapsedMs: number): void
  read(): Readonly<Record<string, Latency>>
  clear(): void
}

export function createLatencyByVersion({ maxVersions = 16 }: { readonly maxVersions?: number } = {}): LatencyByVersion {
  const histograms = new Map<string, RecordableHistogram>()
  return {
    record(version, elapsedMs) {
      if (!histograms.has(version) && histograms.size >= maxVersions) return
      const histogram = histograms.get(version) ?? createHistogram()
      histograms.set(version, histogram)
      histogram.record(Math.max(1, Math.round(elapsedMs * 1000)))
    },
    read: () => Object.fromEntries([...histograms].map(([version, h]) => [version, latencyOf(h)])),
    clear: () => histograms.clear()
  }
}

function latencyOf(histogram: RecordableHistogram): Latency {
  return { p50: histogram.percentile(50) / 1000, p95: histogram.percentile(95) / 1000 }
}
