import type { Registry } from 'prom-client'
import type { Exemplar } from './histogram.ts'

/** The content type of OpenMetrics 1.0, which Prometheus asks for when it wants exemplars. */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

interface Family {
  readonly name: string
  readonly help: string
  readonly type: unknown
  readonly values: readonly Value[]
}

interface Value {
  readonly value: number
  readonly labels?: Readonly<Record<string, string | number>>
  readonly metricName?: string
  /** null in prom-client's own histograms. */
  readonly exemplar?: Exemplar | null | undefined
}

/**
 * All metrics in the OpenMetrics text format (https://prometheus.io/docs/specs/om/open_metrics_spec/). prom-client's own
 * writer renames counters for good, so that the next scrape in the older format would find other names.
 */
export async function renderOpenMetrics(registry: Registry): Promise<string> {
  const metrics = registry.getMetricsAsArray() as unknown as readonly { get(): Promise<Family> }[]
  const families = await Promise.all(metrics.map(metric => metric.get()))
  return `${families.map(renderFamily).join('\n')}\n# EOF\n`
}

function renderFamily(family: Family): string {
  const { help, type, values } = family
  const isCounter = type === 'counter'
  const name = isCounter ? family.name.replace(/_total$/, '') : family.name
  const sample = isCounter ? `${name}_total` : name
  const lines = values.map(({ metricName = sample, labels = {}, value, exemplar }) => {
    const line = `${metricName}${renderLabels(labels)} ${renderNumber(value)}`
    if (!exemplar) return line
    return `${line} # ${renderLabels(exemplar.labels)} ${renderNumber(exemplar.value)} ${exemplar.at}`
  })
  return [`# HELP ${name} ${escapeText(help)}`, `# TYPE ${name} ${String(type)}`, ...lines].join('\n')
}

function renderLabels(labels: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) => `${name}="${escapeText(String(value)).replace(/"/g, '\\"')}"`
  )
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeText(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')
}

function renderNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf'
}
