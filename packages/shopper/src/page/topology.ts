import { html, type SafeHtml } from '@bookstore/common'
import { percent, points, type Snapshot, type VersionVerdict, whole } from '@bookstore/contract'
import { styleOf } from './version-styles.ts'

// in units of the picture, which are pixels on a stage of 1280 × 720
const WIDTH = 1240
const HEIGHT = 236
const DOOR = 330
const STORE = 520
const STORE_WIDTH = 440
const STOCK = 1040
const MIDDLE = HEIGHT / 2
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

function storesOf({ verdict, health }: Snapshot): readonly Store[] {
  const shown = verdict.versions.slice(0, MOST_STORES)
  const height = Math.min(100, HEIGHT / Math.max(shown.length, 1) - 12)
  return shown.map((version, index) => ({
    ...version,
    y: (HEIGHT / shown.length) * (index + 0.5),
    height,
    silent: health.silent.find(silent => silent.version === version.version)?.seconds
  }))
}

interface Door {
  readonly isOpen: boolean
  /** The policy that closes it, or what the door is. */
  readonly name: string
}

function doorOf({ policies, health, access }: Snapshot): Door {
  const isOpen = policies.denial === null && !(health.denied > 0 && health.bought === 0) && access.expected !== 'denied'
  if (isOpen) return { isOpen, name: policies.kind === 'none' ? 'the way' : 'mesh: open' }
  const [, named] =
    /\b((?:TrafficTarget|AuthorizationPolicy|MeshConfig|TrafficSplit) [\w./-]+)/.exec(policies.denial ?? '') ?? []
  return { isOpen, name: named?.slice(0, 28) ?? (policies.denial === null ? 'closed' : 'closed: no policy') }
}

function renderActor(name: string, index: number, isActive: boolean): SafeHtml {
  const y = index === 0 ? 8 : HEIGHT - 72
  const from = y + 32
  return html`<g class="node ${isActive ? 'active' : 'idle'}"><path class="edge" d="M150 ${from}C230 ${from} 250 ${MIDDLE} ${DOOR - 14} ${MIDDLE}" marker-end="url(#arrow)"/><rect x="2" y="${y}" width="148" height="64" rx="6"/><text x="76" y="${y + 42}" text-anchor="middle">${name}</text></g>`
}

function renderDoor({ isOpen, name }: Door): SafeHtml {
  return html`<g class="door ${isOpen ? 'open' : 'closed'}"><path class="frame" d="M${DOOR} 8V${MIDDLE - 42}M${DOOR} ${MIDDLE + 42}V${HEIGHT - 44}"/><path class="leaf" d="${isOpen ? `M${DOOR} ${MIDDLE - 42}l54 -34` : `M${DOOR} ${MIDDLE - 42}V${MIDDLE + 42}`}"/><text x="${DOOR - 160}" y="${HEIGHT - 8}">${name}</text></g>`
}

function renderStore({ version, declared, share, low, high, count, y, height, silent }: Store): SafeHtml {
  const top = y - height / 2
  const name = version.replace(/^bookstore-/, '').slice(0, 14)
  const seen = count === 0 ? 'seen none' : `seen ${short(share)} ± ${points(Math.max(high - share, share - low))}`
  const said = declared === null ? seen : `declared ${short(declared)}, ${seen}`
  return html`<g class="node store ${silent !== undefined && 'silent'}" data-version="${version}" data-y="${y}"><path class="edge" d="M${DOOR + 14} ${MIDDLE}C420 ${MIDDLE} 430 ${y} ${STORE - 4} ${y}" marker-end="url(#arrow)"/><path class="edge" d="M${STORE + STORE_WIDTH} ${y}C1000 ${y} 1000 ${MIDDLE} ${STOCK - 4} ${MIDDLE}" marker-end="url(#arrow)"/><rect x="${STORE}" y="${top}" width="${STORE_WIDTH}" height="${height}" rx="6"/><rect class="${styleOf(version)}" x="${STORE}" y="${top}" width="16" height="${height}" rx="4"/><text x="${STORE + 30}" y="${y - 9}"><tspan class="number">${name}</tspan>${silent !== undefined && ` silent for ${silent} s`}</text><text x="${STORE + 30}" y="${y + 26}">${said}</text></g>`
}

function short(share: number): string {
  return percent(share).replace(/ %$/, '')
}

function describe({ app, health }: Snapshot, door: Door): string {
  const who = app === 'bookbuyer' ? 'The buyer' : 'The thief'
  const asks = `${who} asks through the mesh's door, which is ${door.isOpen ? 'open' : `closed (${door.name})`}`
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
