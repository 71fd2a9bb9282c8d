/** One query of a panel. */
export interface Query {
  readonly expr: string
  readonly legend: string
}

export interface Panel {
  readonly title: string
  /** What the panel means, for its tooltip and docs/observability.md. */
  readonly description: string
  readonly kind: 'stat' | 'timeseries' | 'state-timeline'
  readonly queries: readonly Query[]
  readonly unit?: string
  /** Text and colour of values. */
  readonly mappings?: Readonly<Record<string, readonly [text: string, color: string]>>
  /** In a grid of 24 columns. */
  readonly width: number
}

export interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly description: string
  readonly panels: readonly Panel[]
  /** Whether changes of policies are drawn in all panels. */
  readonly showsPolicyChanges?: boolean
}

/** Selects series of the chosen namespaces. */
export const of = (app: string, more = '') => `{app=~"${app}",namespace=~"$namespace"${more === '' ? '' : `,${more}`}}`

const STATUS_COLOURS = {
  1: ['pass', 'green'],
  2: ['pending', 'blue'],
  3: ['fail', 'red'],
  4: ['broken', 'dark-red']
} as const

/** A gauge with one series for each status as one number: the place of the status that holds. */
function numbered(metric: string, app: string, statuses: readonly string[], more = ''): string {
  return statuses
    .map(
      (status, at) =>
        `${at + 1} * max by (namespace, pod) (${metric}${of(app, [`status="${status}"`, more].filter(Boolean).join(','))})`
    )
    .join(' + ')
}

const HEADLINE = ['pass', 'pending', 'fail', 'broken']
const VERDICT = ['pass', 'pending', 'fail']

/** A status over time or now. */
export function statusPanel(
  title: string,
  {
    kind,
    metric,
    app,
    width,
    description
  }: Pick<Panel, 'kind' | 'width' | 'description'> & { metric: string; app: string }
): Panel {
  const statuses = metric === 'bookstore_headline' ? HEADLINE : VERDICT
  return {
    title,
    description,
    kind,
    width,
    mappings: STATUS_COLOURS,
    queries: [{ expr: numbered(metric, app, statuses), legend: '{{pod}}' }]
  }
}

/** Health over time: ok, degraded or unknown. */
export function healthPanel(width: number): Panel {
  return {
    title: 'Health of the last ten seconds',
    description: 'How the shoppers fare now, whatever was judged before.',
    kind: 'state-timeline',
    width,
    mappings: { 1: ['ok', 'green'], 2: ['degraded', 'red'], 3: ['unknown', 'blue'] },
    queries: [
      { expr: numbered('bookstore_health', 'bookbuyer|bookthief', ['ok', 'degraded', 'unknown']), legend: '{{pod}}' }
    ]
  }
}

/** A quantile of a histogram, of those groups that have observations: of none it would be NaN. */
export function quantile(q: number, metric: string, selector: string, by: string): string {
  const labels = by === '' ? '' : `${by}, `
  const count = `sum by (${by}) (rate(${metric}_count${selector}[$__rate_interval])) > 0`
  return `histogram_quantile(${q}, sum by (${labels}le) (rate(${metric}_bucket${selector}[$__rate_interval]))) and on (${by}) (${count})`
}

/** A rate by labels. */
export const rate = (metric: string, selector: string, by: string) =>
  `sum by (${by}) (rate(${metric}${selector}[$__rate_interval]))`
