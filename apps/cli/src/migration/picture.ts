import { html, type SafeHtml } from '@bookstore/common'
import { isRecordedEvent, type RecordedSecond, type ShoppingRecord } from '@bookstore/contract'
import type { Spell } from './spells.ts'
import { clock } from './words.ts'

const WIDTH = 960
const LEFT = 90
const PLOT = WIDTH - LEFT - 10
const LANE = 90
const GAP = 34
const MOST_COLUMNS = 400

/** A lane of the picture: one shopper's seconds. */
export interface Lane {
  readonly title: string
  readonly record: ShoppingRecord
  /** Stretches that are shaded, with what they are. */
  readonly marked: readonly { readonly label: string; readonly spells: readonly Pick<Spell, 'from' | 'to'>[] }[]
}

/** The lanes over one axis of time, as SVG that needs nothing from outside. */
export function picture(
  lanes: readonly Lane[],
  { from, to }: { readonly from: number; readonly to: number }
): SafeHtml {
  const height = lanes.length * (LANE + GAP) + 30
  const span = Math.max(1000, to - from)
  const x = (at: number) => LEFT + (Math.min(Math.max(at - from, 0), span) / span) * PLOT
  const drawn = lanes.map((lane, at) => drawLane(lane, { top: at * (LANE + GAP) + 22, from, span, x }))
  const ticks = Array.from({ length: 7 }, (_, at) => from + (span * at) / 6)
  const axis = ticks.map(
    (at, index) =>
      html`<text class="tick" x="${round(x(at))}" y="${height - 6}" text-anchor="${index === 6 ? 'end' : 'middle'}">${clock(at)}</text>`
  )
  const title = `What ${lanes.map(lane => lane.record.app).join(' and ')} met from ${clock(from)} to ${clock(to)}`
  return html`<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}"><title>${title}</title>${drawn}${axis}</svg>`
}

interface Place {
  readonly top: number
  readonly from: number
  readonly span: number
  readonly x: (at: number) => number
}

interface Column {
  readonly bought: Map<string, number>
  denied: number
  failed: number
}

function drawLane({ title, record, marked }: Lane, { top, from, span, x }: Place): SafeHtml {
  const seconds = record.entries.filter((entry): entry is RecordedSecond => !isRecordedEvent(entry))
  const width = Math.max(1000, Math.ceil(span / MOST_COLUMNS / 1000) * 1000)
  const columns = columnsOf(seconds, from, span, width)
  const most = Math.max(1, ...[...columns.values()].map(totalOf))
  const versions = [...new Set(seconds.flatMap(({ bought = {} }) => Object.keys(bought)))].sort()
  const bars = [...columns].map(([at, column]) => {
    const left = x(from + at * width)
    const wide = Math.max(0.8, x(from + (at + 1) * width) - left - 0.4)
    return drawColumn(column, { versions, left, wide, top, scale: LANE / most })
  })
  // bars can fill the whole height: a line below them shows the stretch all the same
  const shades = marked.flatMap(({ label, spells }) =>
    spells.map(
      spell =>
        html`<rect class="mark" x="${round(x(spell.from))}" y="${top}" width="${round(Math.max(1.5, x(spell.to) - x(spell.from)))}" height="${LANE}"><title>${label}: ${clock(spell.from)} to ${clock(spell.to)}</title></rect><rect class="failed" x="${round(x(spell.from))}" y="${top + LANE + 2}" width="${round(Math.max(1.5, x(spell.to) - x(spell.from)))}" height="5"/>`
    )
  )
  const events = record.entries
    .filter(isRecordedEvent)
    .map(
      ({ at, event, text }) =>
        html`<line class="event" x1="${round(x(at))}" x2="${round(x(at))}" y1="${top - 6}" y2="${top + LANE}"><title>${clock(at)} ${event}: ${text}</title></line>`
    )
  const perSecond = Math.round((most / (width / 1000)) * 10) / 10
  return html`<g><text class="lane" x="${LEFT}" y="${top - 9}">${title}</text><text class="tick" x="${LEFT - 6}" y="${top + 10}" text-anchor="end">${perSecond}/s</text><line class="axis" x1="${LEFT}" x2="${LEFT + PLOT}" y1="${top + LANE}" y2="${top + LANE}"/>${shades}${bars}${events}</g>`
}

function columnsOf(
  seconds: readonly RecordedSecond[],
  from: number,
  span: number,
  width: number
): ReadonlyMap<number, Column> {
  const columns = new Map<number, Column>()
  for (const { at, bought = {}, denied = 0, failed = 0 } of seconds) {
    if (at < from - 1000 || at > from + span) continue
    const index = Math.max(0, Math.floor((at - from) / width))
    const column = columns.get(index) ?? { bought: new Map(), denied: 0, failed: 0 }
    columns.set(index, column)
    for (const [version, count] of Object.entries(bought)) {
      column.bought.set(version, (column.bought.get(version) ?? 0) + count)
    }
    column.denied += denied
    column.failed += failed
  }
  return columns
}

function totalOf({ bought, denied, failed }: Column): number {
  return [...bought.values()].reduce((sum, count) => sum + count, denied + failed)
}

function drawColumn(
  { bought, denied, failed }: Column,
  {
    versions,
    left,
    wide,
    top,
    scale
  }: {
    readonly versions: readonly string[]
    readonly left: number
    readonly wide: number
    readonly top: number
    readonly scale: number
  }
): readonly SafeHtml[] {
  const parts = [
    ...versions.map((version, at) => ({ name: `v${at % 4}`, count: bought.get(version) ?? 0 })),
    { name: 'denied', count: denied },
    { name: 'failed', count: failed }
  ]
  let bottom = top + LANE
  return parts.flatMap(({ name, count }) => {
    if (count === 0) return []
    bottom -= count * scale
    return [
      html`<rect class="${name}" x="${round(left)}" y="${round(bottom)}" width="${round(wide)}" height="${round(count * scale)}"/>`
    ]
  })
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
