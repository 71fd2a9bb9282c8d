import type { Registry } from 'prom-client'

/** A trace in which one observation was made, as an exemplar of OpenMetrics. */
export interface Exemplar {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** Seconds since the epoch. */
  readonly at: number
}

/** One labelled row of a histogram; observing allocates nothing. */
export interface HistogramChild {
  /** Takes one value; with `trace` the value may become the exemplar of its bucket, at most one a second. */
  observe(value: number, trace?: string): void
}

export interface HistogramOptions {
  readonly registry: Registry
  readonly name: string
  readonly help: string
  readonly buckets: readonly number[]
  readonly labelNames?: readonly string[]
}

/** Gives the row with these labels, the same one each time; what is asked for often is best kept by the caller. */
export type HistogramRows = (labels: Readonly<Record<string, string>>) => HistogramChild

interface Row extends HistogramChild {
  read(): readonly HistogramValue[]
}

/** One line of the exposition. */
interface HistogramValue {
  readonly metricName: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
  readonly exemplar?: Exemplar | undefined
}

/**
 * A histogram that Prometheus reads as any other. prom-client's own looks its labels up at every observation, which
 * costs more than the rest of a small request.
 */
export function createHistogram({ registry, name, help, buckets, labelNames = [] }: HistogramOptions): HistogramRows {
  const rows = new Map<string, Row>()
  const get = async () => ({
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    values: [...rows.values()].flatMap(row => row.read())
  })
  registry.registerMetric({
    name,
    help,
    type: 'histogram',
    labelNames,
    get,
    reset: () => rows.clear()
  } as unknown as Parameters<Registry['registerMetric']>[0])
  return labels => {
    const key = JSON.stringify(labels)
    const known = rows.get(key)
    if (known !== undefined) return known
    const row = createRow({ name, buckets, labels })
    rows.set(key, row)
    return row
  }
}

function createRow({ name, buckets, labels }: Pick<HistogramOptions, 'name' | 'buckets'> & { labels: object }): Row {
  const counts = new Float64Array(buckets.length + 1)
  const exemplars: (Exemplar | undefined)[] = Array.from({ length: counts.length })
  let sum = 0
  return {
    observe(value, trace) {
      let at = 0
      while (at < buckets.length && value > (buckets[at] as number)) at++
      counts[at] = (counts[at] as number) + 1
      sum += value
      if (trace !== undefined) exemplars[at] = newerExemplar(exemplars[at], value, trace)
    },
    read() {
      let total = 0
      const lines: HistogramValue[] = Array.from(counts, (count, at) => {
        total += count
        const le = buckets[at] ?? '+Inf'
        return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total, exemplar: exemplars[at] }
      })
      return [
        ...lines,
        { metricName: `${name}_sum`, labels: { ...labels }, value: sum },
        { metricName: `${name}_count`, labels: { ...labels }, value: total }
      ]
    }
  }
}

function newerExemplar(known: Exemplar | undefined, value: number, trace: string): Exemplar {
  const at = Date.now() / 1000
  return known !== undefined && at - known.at < 1 ? known : { labels: { trace_id: trace }, value, at }
}
