import { html, type SafeHtml } from '@bookstore/common'
import { formatSplit, percent, type Snapshot, whole } from '@bookstore/contract'
import type { Scene } from '../api/page-view.ts'
import type { Track } from '../state/tracks.ts'

// in units of the picture, which are pixels on a stage of 1280 × 720
const WIDTH = 620
const HEIGHT = 208
const TOP = 38
const BOTTOM = HEIGHT - 38
const LEFT = 84
const EARLIER = 140
const SHOWN_EARLIER = 2
// the most that a character of a number takes at the picture's size of text
const DIGIT = 18
/** Shares from so far below the declared one to so far above it. */
const REACH = 0.25

interface Panel {
  readonly x: number
  readonly width: number
  readonly most: number
}

/**
 * How the interval of the first version's share narrows with its purchases, on a logarithmic axis: a funnel that fits
 * the declared band is a pass, one that leaves it a fail. Each window has a panel, and a mark where the next one begins.
 */
export function renderFunnel({ verdict }: Snapshot, { picture }: Pick<Scene, 'picture'>): SafeHtml {
  const current = picture.tracks.at(-1)
  if (current === undefined) {
    return html`<h2>How sure it is</h2><p class="quiet">No split is declared, so there is nothing to be sure of.</p>`
  }
  const earlier = picture.tracks.slice(-1 - SHOWN_EARLIER, -1)
  const start = LEFT + earlier.length * EARLIER
  const most = Math.max(picture.goal?.most ?? 0, current.points.at(-1)?.purchases ?? 0, 100)
  return html`<h2>How sure it is<span class="off-stage">: ${current.version} of ${formatSplit(current.declared)}</span>, by purchases</h2>
<svg class="funnel" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${describe(current, verdict.tolerance)}">
${earlier.map((track, index) => renderPanel(track, verdict.tolerance, { x: LEFT + index * EARLIER, width: EARLIER - 10, most: Math.max(10, track.points.at(-1)?.purchases ?? 0) }))}
${renderPanel(current, verdict.tolerance, { x: start, width: WIDTH - start - 8, most })}
<text x="${LEFT - 8}" y="${yOf(declaredOf(current), current) + 10}" text-anchor="end">${percent(declaredOf(current)).replace(' ', '')}</text>
${ticks({ x: start, width: WIDTH - start - 8, most }).map(renderTick)}
</svg>
<p class="key off-stage"><span>Across: purchases, each step ten times as many. The funnel is where the true share lies, the band what counts as equal.</span> <span>Pass: the funnel fits the band. Fail: it leaves it.</span></p>`
}

function renderPanel(track: Track, tolerance: number, panel: Panel): SafeHtml {
  const declared = declaredOf(track)
  const top = yOf(declared + tolerance, track)
  const at = (purchases: number, share: number) => `${round(xOf(purchases, panel))} ${round(yOf(share, track))}`
  const there = track.points.map(({ purchases, high }) => at(purchases, high))
  const back = track.points.map(({ purchases, low }) => at(purchases, low)).reverse()
  const line = track.points.map(({ purchases, share }) => at(purchases, share))
  const name = `${nameOf(track)}${SIGNS[track.status]}`
  return html`<g class="window-track status-${track.status}"><rect class="band" x="${panel.x}" y="${top}" width="${panel.width}" height="${round(yOf(declared - tolerance, track) - top)}"/>${line.length > 0 && html`<path class="cone" d="M${there.join('L')}L${back.join('L')}z"/><path class="line" d="M${line.join('L')}"/>`}<path class="change-sign" d="M${panel.x} ${TOP - 6}V${BOTTOM}"/><text x="${panel.x + 6}" y="29">${name}</text></g>`
}

// the weights of many versions would be longer than the panel
function nameOf(track: Track): string {
  return Object.keys(track.declared).length > 2 ? percent(declaredOf(track)) : formatSplit(track.declared)
}

const SIGNS = { pass: ' ✓', fail: ' ✗', pending: '' } as const

function renderTick({ x, label, anchor }: Tick): SafeHtml {
  const text =
    label !== undefined &&
    html`<text x="${anchor === 'end' ? WIDTH : x}" y="${HEIGHT - 6}" text-anchor="${anchor}">${label}</text>`
  return html`<path class="tick" d="M${x} ${BOTTOM}v6"/>${text}`
}

interface Tick {
  readonly x: number
  /** Undefined where the next number needs the room. */
  readonly label: string | undefined
  readonly anchor: 'middle' | 'end'
}

function ticks(panel: Panel): readonly Tick[] {
  const shown = [10, 100, 1000, 10_000, 100_000].filter(purchases => purchases <= panel.most)
  let room = WIDTH
  // from the right, because the largest number says most
  const fromRight = shown.reverse().map((purchases): Tick => {
    const x = round(xOf(purchases, panel))
    const label = whole(purchases)
    const width = label.length * DIGIT
    const right = Math.min(WIDTH, x + width / 2)
    const fits = right <= room
    if (fits) room = right - width - DIGIT / 2
    return { x, label: fits ? label : undefined, anchor: right === WIDTH ? 'end' : 'middle' }
  })
  return fromRight.reverse()
}

function declaredOf({ declared, version }: Track): number {
  return declared[version] ?? 0
}

function xOf(purchases: number, { x, width, most }: Panel): number {
  return x + (Math.log10(Math.max(1, purchases)) / Math.log10(Math.max(most, 10))) * width
}

function yOf(share: number, track: Track): number {
  const low = Math.min(Math.max(declaredOf(track) - REACH, 0), 1 - 2 * REACH)
  const part = Math.min(1, Math.max(0, (share - low) / (2 * REACH)))
  return BOTTOM - part * (BOTTOM - TOP)
}

function round(number: number): number {
  return Number(number.toFixed(1))
}

function describe({ version, points, declared }: Track, tolerance: number): string {
  const last = points.at(-1)
  const band = `declared ${formatSplit(declared)}, within ${percent(tolerance)} counts as equal`
  if (last === undefined) return `${version}: nothing bought in this window yet; ${band}`
  return `${version}: after ${whole(last.purchases)} purchases its share lies between ${percent(last.low, 1)} and ${percent(last.high, 1)}; ${band}`
}
