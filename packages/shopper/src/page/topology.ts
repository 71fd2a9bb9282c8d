import { html, type SafeHtml } from '@bookstore/common'
import { percent, points, type Snapshot, type VersionVerdict, whole } from '@bookstore/contract'
import { type Door, doorOf } from './door.ts'
import { styleOf } from './version-styles.ts'

// in units of the picture, which are pixels on a stage of 1280 × 720
const WIDTH = 1240
const HEIGHT = 236
const DOOR = 330
const STORE = 520
const STORE_WIDTH = 440
// what is longer is drawn narrower, or it would leave its box
const MOST_LETTERS = 25
const STOCK = 1040
const MIDDLE = HEIGHT / 2
/** Half of the door's opening. */
const OPENING = 36
// more would be too small to read
const MOST_STORES = 3

type Store = VersionVerdict & { readonly y: number; readonly height: number; readonly silent: number | undefined }

/**
 * The way of the books: who asks, the mesh's door, the versions with what was declared and seen, the warehouse. The dots
 * that travel on it are the newest requests; the page's script draws them (`client/dots.js`).
 */
export function renderTopology(snapshot: Snapshot): SafeHtml {
  const stores = storesOf(snapshot)
  const door = doorOf(snapshot)
  const actor = snapshot.app === 'bookbuyer' ? 0 : 1
  return html`<h2 class="off-stage">The way of the books</h2>
<svg class="topology" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${describe(snapshot, door)}">
${['buyer', 'thief'].map((name, index) => renderActor(name, index, index === actor))}
${renderDoor(door)}
${stores.map(store => renderStore(store))}
<g class="node stock"><rect x="${STOCK}" y="${MIDDLE - 52}" width="${WIDTH - STOCK - 2}" height="104" rx="6"/><text x="${(STOCK + WIDTH) / 2}" y="${MIDDLE - 8}" text-anchor="middle">warehouse</text><text class="number" x="${(STOCK + WIDTH) / 2}" y="${MIDDLE + 34}" text-anchor="middle">${snapshot.ledger.warehouseTotal === null ? '?' : whole(snapshot.ledger.warehouseTotal)}</text></g>
${snapshot.verdict.versions.length > MOST_STORES && html`<text x="${(STOCK + WIDTH) / 2}" y="${HEIGHT - 8}" text-anchor="middle">and ${snapshot.verdict.versions.length - MOST_STORES} more</text>`}
</svg>
${renderTable(snapshot)}`
}

/** Where the dots are drawn: over the picture, and left alone when it changes. */
export function dotLayer(): SafeHtml {
  return html`<svg id="dots" class="topology" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true" focusable="false"></svg>`
}

// where there are many: first those that nobody declared and those that are silent, then who sells most
function storesOf({ verdict, health }: Snapshot): readonly Store[] {
  const silenceOf = (name: string) => health.silent.find(({ version }) => version === name)?.seconds
  const all = verdict.versions.length === 0 ? [NOBODY_YET] : verdict.versions
  const rank = ({ version, unknown, share }: VersionVerdict) =>
    (unknown ? 4 : 0) + (silenceOf(version) === undefined ? 0 : 2) + share
  const chosen = new Set(all.toSorted((a, b) => rank(b) - rank(a)).slice(0, MOST_STORES))
  const shown = all.filter(version => chosen.has(version))
  const height = Math.min(100, HEIGHT / shown.length - 8)
  return shown.map((version, index) => ({
    ...version,
    y: (HEIGHT / shown.length) * (index + 0.5),
    height,
    silent: silenceOf(version.version)
  }))
}

// a thief who is denied learns of no version
const NOBODY_YET: VersionVerdict = {
  version: 'bookstore',
  declared: null,
  count: 0,
  share: 0,
  low: 0,
  high: 1,
  unknown: false
}

function renderActor(name: string, index: number, isActive: boolean): SafeHtml {
  const y = index === 0 ? 8 : HEIGHT - 72
  const from = y + 32
  return html`<g class="node ${isActive ? 'active' : 'idle'}"><path class="edge" d="M150 ${from}C230 ${from} 250 ${MIDDLE} ${DOOR - 14} ${MIDDLE}" marker-end="url(#arrow)"/><rect x="2" y="${y}" width="148" height="64" rx="6"/><text x="76" y="${y + 42}" text-anchor="middle">${name}</text></g>`
}

function renderDoor({ isOpen, lines }: Door): SafeHtml {
  const [top, bottom] = [MIDDLE - OPENING, MIDDLE + OPENING]
  const leaf = isOpen ? `M${DOOR} ${top}l54 -30` : `M${DOOR} ${top}V${bottom}`
  const labels = lines.map(
    (line, index) =>
      html`<text x="${DOOR + 16}" y="${HEIGHT - 8 - (lines.length - 1 - index) * 31}" text-anchor="middle">${line}</text>`
  )
  return html`<g class="door ${isOpen ? 'open' : 'closed'}"><path class="frame" d="M${DOOR} 20V${top}M${DOOR} ${bottom}v18"/><path class="leaf" d="${leaf}"/>${labels}</g>`
}

function renderStore({ version, declared, share, low, high, count, y, height, silent }: Store): SafeHtml {
  const top = y - height / 2
  const name = version.replace(/^bookstore-/, '').slice(0, 14)
  const seen = count === 0 ? 'seen none' : `seen ${short(share)} ± ${points(Math.max(high - share, share - low))}`
  const said = declared === null ? seen : `declared ${short(declared)}, ${seen}`
  return html`<g class="node store ${silent !== undefined && 'silent'}" data-version="${version}" data-y="${y}"><path class="edge" d="M${DOOR + 14} ${MIDDLE}C420 ${MIDDLE} 430 ${y} ${STORE - 4} ${y}" marker-end="url(#arrow)"/><path class="edge" d="M${STORE + STORE_WIDTH} ${y}C1000 ${y} 1000 ${MIDDLE} ${STOCK - 4} ${MIDDLE}" marker-end="url(#arrow)"/><rect x="${STORE}" y="${top}" width="${STORE_WIDTH}" height="${height}" rx="6"/><rect class="${styleOf(version)}" x="${STORE}" y="${top}" width="16" height="${height}" rx="4"/><text x="${STORE + 30}" y="${y - 7}"><tspan class="number">${name}</tspan>${silent !== undefined && ` silent for ${silent} s`}</text><text x="${STORE + 30}" y="${y + 26}"${said.length > MOST_LETTERS && html` textLength="${STORE_WIDTH - 44}" lengthAdjust="spacingAndGlyphs"`}>${said}</text></g>`
}

function short(share: number): string {
  return percent(share).replace(/ %$/, '')
}

function describe({ app, health }: Snapshot, door: Door): string {
  const who = app === 'bookbuyer' ? 'The buyer' : 'The thief'
  const asks = `${who} asks through the mesh's door, which is ${door.isOpen ? 'open' : `closed (${door.lines.join(' ')})`}`
  return `${asks}; in the last ${health.seconds} s ${health.bought} bought, ${health.denied} denied, ${health.failed} failed. The table below has the versions.`
}

function renderTable({ verdict, health, ledger }: Snapshot): SafeHtml {
  const restocked = (name: string) =>
    ledger.stores.filter(({ version }) => version === name).reduce((sum, store) => sum + store.restocked, 0)
  return html`<table class="visually-hidden"><caption>The way of the books by version</caption><thead><tr><th scope="col">Version</th><th scope="col">Declared</th><th scope="col">Seen</th><th scope="col">Bought in the last ${health.seconds} s</th><th scope="col">Restocked</th></tr></thead><tbody>${verdict.versions.map(
    ({ version, declared, share }) =>
      html`<tr><th scope="row">${version}</th><td>${declared === null ? 'nothing' : percent(declared)}</td><td>${percent(share)}</td><td>${health.byVersion[version] ?? 0}</td><td>${restocked(version)}</td></tr>`
  )}</tbody></table>`
}
