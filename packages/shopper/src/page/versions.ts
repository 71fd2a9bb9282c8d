import { html, type SafeHtml } from '@bookstore/common'
import { type Latency, percent, type Snapshot, type VersionVerdict, whole } from '@bookstore/contract'
import { renderAccessBar } from './access-bar.ts'
import { renderBarKey } from './bar-key.ts'
import { labelsOf } from './role-labels.ts'
import { renderShareBar } from './share-bar.ts'
import { milliseconds } from './text.ts'
import { styleOf, swatch } from './version-styles.ts'

// so many that they stand in two columns
const MANY = 4

/**
 * Every version with its share, the interval of it, what was declared, and its answer times; for somebody who should be
 * denied, the door.
 */
export function renderVersions(snapshot: Snapshot): SafeHtml {
  const { versions } = snapshot.verdict
  if (!isExpectedIn(snapshot.access)) return renderAccessBar(snapshot)
  return html`<h2>${labelsOf(snapshot.app).whoSold}</h2>
${
  versions.length === 0
    ? html`<p class="quiet">Nobody yet. The first purchase puts its seller here.</p>`
    : html`<ul class="versions ${versions.length >= MANY && 'many'}">${versions.map(version => renderVersion(version, snapshot))}</ul>${renderBarKey(snapshot.verdict)}`
}`
}

function isExpectedIn({ expected }: Snapshot['access']): boolean {
  return typeof expected === 'number' ? expected >= 200 && expected < 300 : expected === 'allowed'
}

function renderVersion(version: VersionVerdict, { verdict, latency, app, health }: Snapshot): SafeHtml {
  const recent = health.bought === 0 ? null : (health.byVersion[version.version] ?? 0) / health.bought
  const { tolerance } = verdict
  return html`<li>
<p class="version-name">${swatch(styleOf(version.version))}<span>${version.version}</span>${version.unknown && html`<em class="tag">not declared</em>`}<strong>${percent(version.share, 1)}</strong></p>
${renderShareBar({ ...version, name: version.version, look: styleOf(version.version), tolerance, recent })}
<p class="version-facts">${version.declared !== null && html`<span>declared <b>${percent(version.declared, 1)}</b></span> `}<span>surely ${range(version)}</span> <span><b>${whole(version.count)}</b> ${labelsOf(app).bought}</span> ${renderLatency(latency[version.version])}</p>
</li>`
}

function range({ low, high }: VersionVerdict): SafeHtml {
  return html`<b>${percent(low, 1)} – ${percent(high, 1)}</b>`
}

function renderLatency(latency: Latency | undefined): SafeHtml | null {
  if (latency === undefined) return null
  return html`<span>half in <b>${milliseconds(latency.p50)}</b>, 95 % in <b>${milliseconds(latency.p95)}</b></span>`
}
