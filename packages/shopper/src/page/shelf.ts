import { html, type SafeHtml } from '@bookstore/common'
import { type JudgedWindow, percent, type Snapshot, type TimelineBucket } from '@bookstore/contract'
import { labelsOf } from './role-labels.ts'
import { type ShelfColumn, type ShelfSpan, sortVersions, spanUntil, toColumns, versionsIn } from './shelf-columns.ts'
import { count } from './text.ts'
import { styleOf, swatch } from './version-styles.ts'

// in units of the picture, which is scaled to the page's width
const WIDTH = 960
const TOP = 8
const BOARD = 150
const BOARD_HEIGHT = 9
const BELOW = 32
const HEIGHT = BOARD + BOARD_HEIGHT + BELOW + 22
const GAP = 1.5
// more would hide the books
const MOST_LINES = 3

/**
 * The last minutes as a shelf: each book is some seconds of purchases, divided as the versions sold them; what was
 * denied or failed hangs below the board.
 */
export function renderShelf(snapshot: Snapshot, timeline: readonly TimelineBucket[]): SafeHtml {
  const span = spanUntil(Date.parse(snapshot.at))
  const columns = toColumns(timeline, span)
  const versions = versionsIn(columns)
  const { app } = snapshot
  return html`<h2>The last ${Math.round((span.columns * span.columnMs) / 60_000)} minutes on the shelf</h2>
<svg class="shelf" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="xMaxYMid slice" role="img" aria-label="${describe(columns, versions, snapshot)}">
${versions.map((version, index) => html`<path class="book ${styleOf(version)}" d="${booksOf(columns, versions, index)}"/>`)}
<rect class="board" x="-${WIDTH}" y="${BOARD}" width="${3 * WIDTH}" height="${BOARD_HEIGHT}"/>
<path class="below look-denied" d="${hanging(columns, 'denied')}"/><path class="below look-failed" d="${hanging(columns, 'failed')}"/>
${[...snapshot.earlierWindows, snapshot.window].map(window => renderDeclaredLines(window, span, app))}
${renderTimeMarks(span)}
${versions.length === 0 && html`<text class="empty" x="${WIDTH - 16}" y="${BOARD - 22}" text-anchor="end">an empty shelf: nothing was ${labelsOf(snapshot.app).bought}</text>`}
</svg>
<p class="on-stage">${versions.slice(0, MOST_LINES).map(version => html`<span>${swatch(styleOf(version))} ${version.replace(/^bookstore-/, '').slice(0, 8)}</span> `)}<span>${swatch('look-denied')} denied</span> <span>${swatch('look-failed')} failed</span></p>
${renderKey(versions, span, snapshot)}`
}

function widthOf({ columns }: Pick<ShelfSpan, 'columns'>): number {
  return WIDTH / columns
}

function booksOf(columns: readonly ShelfColumn[], versions: readonly string[], index: number): string {
  const width = widthOf({ columns: columns.length })
  const before = versions.slice(0, index)
  return columns
    .map(({ byVersion, bought }, column) => {
      const height = part(byVersion[versions[index] ?? ''] ?? 0, bought) * (BOARD - TOP)
      const below = before.reduce((total, version) => total + (byVersion[version] ?? 0), 0)
      const y = BOARD - part(below, bought) * (BOARD - TOP) - height
      return height === 0 ? '' : box(column * width, y, width - GAP, height)
    })
    .join('')
}

function hanging(columns: readonly ShelfColumn[], kind: 'denied' | 'failed'): string {
  const width = widthOf({ columns: columns.length })
  return columns
    .map((column, index) => {
      const attempts = column.bought + column.denied + column.failed
      const height = part(column[kind], attempts) * BELOW
      const offset = kind === 'failed' ? part(column.denied, attempts) * BELOW : 0
      const y = BOARD + BOARD_HEIGHT + 1 + offset
      return height === 0 ? '' : box(index * width, y, width - GAP, height)
    })
    .join('')
}

function part(number: number, total: number): number {
  return total === 0 ? 0 : number / total
}

function box(x: number, y: number, width: number, height: number): string {
  return `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`
}

function short(number: number): string {
  return String(Number(number.toFixed(1)))
}

// what was declared at that time, where the versions should meet; and a mark where it changed
function renderDeclaredLines(window: JudgedWindow, span: ShelfSpan, app: Snapshot['app']): SafeHtml | null {
  const end = span.from + span.columns * span.columnMs
  const start = Date.parse(window.from)
  const x = (ms: number) => ((ms - span.from) / span.columnMs) * widthOf(span)
  const from = Math.max(0, x(start))
  const to = Math.min(WIDTH, x(window.to === null ? end : Date.parse(window.to)))
  if (to <= 0 || to <= from) return null
  const lines = declaredHeights(app === 'bookbuyer' ? window.declared : null).map(
    y => `M${short(from)} ${short(y)}H${short(to)}`
  )
  const line = html`<path class="casing" d="${lines.join('')}"/><path class="declared-line" d="${lines.join('')}"/>`
  return html`${start > span.from && html`<path class="change" d="M${short(from)} 0V${BOARD}"/>`}${line}`
}

function declaredHeights(declared: JudgedWindow['declared']): readonly number[] {
  if (declared === null || Object.keys(declared).length > MOST_LINES + 1) return []
  let below = 0
  return sortVersions(Object.keys(declared))
    .slice(0, -1)
    .map(version => {
      below += declared[version] ?? 0
      return BOARD - below * (BOARD - TOP)
    })
}

function renderTimeMarks({ columns, columnMs }: ShelfSpan): SafeHtml {
  const minutes = Math.floor((columns * columnMs) / 60_000)
  const y = HEIGHT - 6
  const marks = Array.from({ length: minutes - 1 }, (_, index) => {
    const x = WIDTH - (((index + 1) * 60_000) / (columns * columnMs)) * WIDTH
    return html`<text x="${x}" y="${y}" text-anchor="middle">${index + 1} min ago</text>`
  })
  return html`${marks}<text x="${WIDTH}" y="${y}" text-anchor="end">now</text>`
}

function describe(columns: readonly ShelfColumn[], versions: readonly string[], { app }: Snapshot): string {
  const total = (of: (column: ShelfColumn) => number) => columns.reduce((before, column) => before + of(column), 0)
  const bought = total(column => column.bought)
  const shares = versions.map(
    version =>
      `${version} ${percent(
        part(
          total(({ byVersion }) => byVersion[version] ?? 0),
          bought
        )
      )}`
  )
  const denied = total(column => column.denied)
  const failed = total(column => column.failed)
  return `${count(bought, 'book')} ${labelsOf(app).bought}${shares.length > 0 ? ` (${shares.join(', ')})` : ''}, ${denied} denied, ${failed} failed`
}

const DECLARED_KEY = html`<span><svg class="key-sign" viewBox="0 0 28 18" aria-hidden="true" focusable="false"><path class="declared-line" d="M0 9h28"/></svg> declared</span> `

const CHANGE_KEY = html`<span><svg class="key-sign" viewBox="0 0 28 18" aria-hidden="true" focusable="false"><path class="change-sign" d="M14 0v18"/></svg> something else declared or allowed, or a fresh window</span> `

function renderKey(versions: readonly string[], { columnMs }: ShelfSpan, { app }: Snapshot): SafeHtml {
  const { bought } = labelsOf(app)
  return html`<p class="key"><span>One book on the shelf: ${columnMs / 1000} seconds of what was ${bought}, divided by who sold it.</span> ${versions.map(
    version => html`<span>${swatch(styleOf(version))} ${version}</span> `
  )}${app === 'bookbuyer' && DECLARED_KEY}${CHANGE_KEY}<span>below the board: ${swatch('look-denied')} denied</span> <span>${swatch('look-failed')} failed</span></p>`
}
