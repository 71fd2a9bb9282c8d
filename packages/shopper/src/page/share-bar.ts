import { html, type SafeHtml } from '@bookstore/common'
import { percent } from '@bookstore/contract'

/** What a bar shows; shares are from 0 to 1. */
export interface ShareBar {
  readonly name: string
  readonly look: string
  readonly share: number
  readonly low: number
  readonly high: number
  readonly declared: number | null
  readonly tolerance: number
  /** Its share in the last seconds; null when nothing was bought then. */
  readonly recent?: number | null
}

/**
 * A version's share as a bar, the interval of its true share as a whisker, and what was declared as a ribbon in a light
 * band of ± tolerance: the whisker within the band is what makes a pass. Positions are percentages in attributes, as
 * the page's CSP allows no inline style.
 */
export function renderShareBar(bar: ShareBar): SafeHtml {
  return html`<svg class="share-bar" role="img" aria-label="${describe(bar)}">
<rect class="track" x="0" y="12" width="100%" height="34" rx="3"/>
${bar.declared !== null && renderBand(bar.declared, bar.tolerance)}
<rect class="fill ${bar.look}" x="0" y="12" width="${at(bar.share)}" height="34" rx="3"/>
${typeof bar.recent === 'number' && html`<rect class="recent ${bar.look}" x="0" y="48" width="${at(bar.recent)}" height="6" rx="2"/>`}
${bar.declared !== null && renderRibbon(bar.declared)}
<g class="whisker"><line class="casing" x1="${at(bar.low)}" x2="${at(bar.high)}" y1="29" y2="29"/>
${whiskerLine(bar)}${cap(bar.low)}${cap(bar.high)}</g>
</svg>`
}

function describe({ name, share, low, high, declared, recent }: ShareBar): string {
  const now = typeof recent === 'number' ? `, ${percent(recent, 1)} in the last ten seconds` : ''
  const mark = declared === null ? 'nothing declared' : `declared ${percent(declared, 1)}`
  return `${name}: observed ${percent(share, 1)}, true share between ${percent(low, 1)} and ${percent(high, 1)}, ${mark}${now}`
}

function renderBand(declared: number, tolerance: number): SafeHtml {
  const from = Math.max(0, declared - tolerance)
  const to = Math.min(1, declared + tolerance)
  return html`<rect class="band" x="${at(from)}" y="4" width="${at(to - from)}" height="50" rx="2"/>`
}

function renderRibbon(declared: number): SafeHtml {
  return html`<svg class="ribbon" x="${at(declared)}" y="0"><path class="casing" d="M0 2v54"/><path d="M0 2v54"/><path class="flag" d="M-6 0h12v15l-6-5-6 5z"/></svg>`
}

function whiskerLine({ low, high }: ShareBar): SafeHtml {
  return html`<line x1="${at(low)}" x2="${at(high)}" y1="29" y2="29"/>`
}

function cap(share: number): SafeHtml {
  return html`<line class="casing" x1="${at(share)}" x2="${at(share)}" y1="20" y2="38"/><line x1="${at(share)}" x2="${at(share)}" y1="21" y2="37"/>`
}

function at(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`
}
