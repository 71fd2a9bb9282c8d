import type { Dashboard, Panel } from './panels.ts'

/** A dashboard as Grafana reads it (https://grafana.com/docs/grafana/latest/reference/dashboard/). */
export function renderDashboard({ uid, title, description, panels, showsPolicyChanges = false }: Dashboard): string {
  const model = {
    uid,
    title,
    description,
    tags: ['bookstore'],
    schemaVersion: 39,
    editable: true,
    refresh: '10s',
    time: { from: 'now-15m', to: 'now' },
    links: [{ type: 'dashboards', tags: ['bookstore'], title: 'Bookstore', asDropdown: true }],
    annotations: { list: showsPolicyChanges ? [POLICY_CHANGES] : [] },
    templating: { list: VARIABLES },
    panels: placed(panels)
  }
  return `${JSON.stringify(model, null, 2)}\n`
}

const DATASOURCE = { type: 'prometheus', uid: '$datasource' }

const POLICY_CHANGES = {
  name: 'Changes of policies',
  datasource: DATASOURCE,
  enable: true,
  iconColor: 'purple',
  expr: `max(bookstore_policy_last_change_timestamp_seconds{namespace=~"$namespace"}) * 1000`,
  titleFormat: 'The policies changed',
  useValueForTime: 'on',
  step: '15s'
}

const VARIABLES = [
  { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
  {
    name: 'namespace',
    label: 'Namespace',
    type: 'query',
    datasource: DATASOURCE,
    query: 'label_values(bookstore_build_info, namespace)',
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' }
  }
]

const COLUMNS = 24

function placed(panels: readonly Panel[]): readonly object[] {
  let x = 0
  let y = 0
  let rowHeight = 0
  return panels.map((panel, index) => {
    const height = panel.kind === 'stat' ? 4 : panel.kind === 'state-timeline' ? 6 : 8
    if (x + panel.width > COLUMNS) {
      x = 0
      y += rowHeight
      rowHeight = 0
    }
    const gridPos = { x, y, w: panel.width, h: height }
    x += panel.width
    rowHeight = Math.max(rowHeight, height)
    return renderPanel(panel, index + 1, gridPos)
  })
}

function renderPanel(
  { title, description, kind, unit, mappings, queries }: Panel,
  id: number,
  gridPos: object
): object {
  return {
    id,
    type: kind,
    title,
    description,
    gridPos,
    datasource: DATASOURCE,
    fieldConfig: {
      defaults: { ...(unit && { unit }), ...(mappings && { mappings: [mapped(mappings)] }) },
      overrides: []
    },
    ...(kind === 'stat' && { options: { colorMode: 'background', reduceOptions: { calcs: ['lastNotNull'] } } }),
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode(65 + at),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      exemplar: expr.includes('_bucket')
    }))
  }
}

function mapped(mappings: NonNullable<Panel['mappings']>): object {
  const options = Object.entries(mappings).map(([value, [text, color]], index) => [value, { text, color, index }])
  return { type: 'value', options: Object.fromEntries(options) }
}
