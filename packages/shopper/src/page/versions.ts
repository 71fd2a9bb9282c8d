import { html, type SafeHtml } from '@bookstore/common'
import type { VersionVerdict } from '@bookstore/verdict'
import type { Latency, Snapshot } from '../snapshot.ts'
import { lookOf, swatch } from './looks.ts'
import { wordsOf } from './roles.ts'
import { renderShareBar } from './share-bar.ts'
import { milliseconds, percent, whole } from './text.ts'

/** Every version with its share, the interval of it, what was declared, and its answer times. */
export function renderVersions(snapshot: Snapshot): SafeHtml {
  const { verdict, app } = snapshot
  return html`<h2>${wordsOf(app).whoSold}</h2>
${verdict.versions.length === 0 ? renderNobody(snapshot) : html`<ul class="versions">${verdict.versions.map(version => renderVersion(version, snapshot))}</ul>${renderKey(snapshot)}`}`
}

function renderNobody({ app }: Snapshot): SafeHtml {
  const text =
    app === 'bookbuyer'
      ? 'Nobody yet. The first purchase puts its seller here.'
      : 'From nobody: not one book.'
  return html`<p class="quiet">${text}</p>`
}

function renderVersion(version: VersionVerdict, { verdict, latency, app }: Snapshot): SafeHtml {
  const { tolerance } = verdict
  return html`<li>
<p class="version-name">${swatch(lookOf(version.version))}<span>${version.version}</span>${version.unknown && html`<em class="tag">not declared</em>`}<strong>${percent(version.share)}</strong></p>
${renderShareBar({ ...version, tolerance })}
<p class="version-facts">${version.declared !== null && html`<span>declared <b>${percent(version.declared)}</b></span> `}<span>surely ${range(version)}</span> <span><b>${whole(version.count)}</b> ${wordsOf(app).bought}</span> ${renderLatency(latency[version.version])}</p>
</li>`
}

function range({ low, high }: VersionVerdict): SafeHtml {
  return html`<b>${percent(low)} – ${percent(high)}</b>`
}

function renderLatency(latency: Latency | undefined): SafeHtml | null {
  if (latency === undefined) return null
  return html`<span>answers in <b>${milliseconds(latency.p50)}</b>, slowest 5 % over <b>${milliseconds(latency.p95)}</b></span>`
}

function renderKey({ verdict }: Snapshot): SafeHtml {
  const sure = Number(((1 - verdict.alpha) * 100).toFixed(2))
  const declared = verdict.versions.some(version => version.declared !== null)
  return html`<p class="key"><span>${keyWhisker()} where the true share lies, ${sure} % sure at any time</span> ${
    declared
      ? html`<span>${keyRibbon()} declared, with the band that counts as equal</span>`
      : html`<span>Nothing is declared, so nothing is judged.</span>`
  }</p>`
}

function keyWhisker(): SafeHtml {
  return html`<svg class="key-sign whisker" viewBox="0 0 28 18" aria-hidden="true" focusable="false"><path d="M2 9h24M2 3v12M26 3v12"/></svg>`
}

function keyRibbon(): SafeHtml {
  return html`<svg class="key-sign ribbon" viewBox="0 0 28 18" aria-hidden="true" focusable="false"><rect class="band" x="2" width="24" height="18"/><path d="M14 0v18"/><path class="flag" d="M9 0h10v10l-5-4-5 4z"/></svg>`
}
