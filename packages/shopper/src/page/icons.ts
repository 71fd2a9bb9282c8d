import { html, type SafeHtml } from '@bookstore/common'

// Drawn here on a grid of 24; each status has a shape of its own, so that none is told by colour alone.
const SHAPES = {
  pass: html`<circle cx="12" cy="12" r="10"/><path class="cut" d="M7 12.5l3.4 3.5L17 8.8"/>`,
  fail: html`<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z"/><path class="cut" d="M8.5 8.5l7 7m0-7l-7 7"/>`,
  pending: html`<path d="M5 2h14v3.5L14 12l5 6.5V22H5v-3.5L10 12 5 5.5z"/><path class="cut" d="M8.5 19h7M9 6h6"/>`,
  broken: html`<path d="M12 1.5L23.5 22H.5z"/><path class="cut" d="M12 9v6m0 2.6v.8"/>`,
  bought: html`<path d="M4 3h13a3 3 0 0 1 3 3v15H6.5A2.5 2.5 0 0 1 4 18.5z"/><path class="cut" d="M5 18h14"/>`,
  denied: html`<circle cx="12" cy="12" r="10"/><path class="cut" d="M6.5 12h11"/>`,
  failed: html`<path d="M12 1.5L22.5 12 12 22.5 1.5 12z"/><path class="cut" d="M9 9l6 6m0-6l-6 6"/>`
} as const

export type IconName = keyof typeof SHAPES

/** A decorative icon; the text beside it says the same. */
export function icon(name: IconName): SafeHtml {
  return html`<svg class="icon icon-${name}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">${SHAPES[name]}</svg>`
}

/** The sign of the shop: three books, one leaning. */
export function logo(): SafeHtml {
  return html`<svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect class="look-0" x="2" y="4" width="7" height="24" rx="1"/><rect class="look-1" x="10.5" y="8" width="6" height="20" rx="1"/><rect class="look-2" x="18" y="6" width="6.5" height="22.5" rx="1" transform="rotate(-13 18 28)"/><path class="board" d="M0 29.5h32"/></svg>`
}
