import { html, type SafeHtml } from '@bookstore/common'
import type { PromiseName } from '@bookstore/contract'

// Drawn on a grid of 120 by 40: the buyer on the left, the stores on the right, what the proxy does in between.
const BUYER = html`<circle cx="8" cy="20" r="5"/>`
const STORES = html`<circle cx="112" cy="6" r="5"/><circle cx="112" cy="20" r="5"/><circle cx="112" cy="34" r="5"/>`

const DRAWINGS: Readonly<Record<PromiseName, SafeHtml>> = {
  'load-balancing': html`${BUYER}${STORES}<path d="M16 20h36L104 6M52 20h52M52 20l52 14"/>`,
  discovery: html`${BUYER}<circle cx="112" cy="8" r="5"/><circle class="open" cx="112" cy="32" r="5"/><path d="M16 20h36l52-12"/><path class="dashed" d="M52 20l52 12"/>`,
  'mutual-tls': html`${BUYER}<circle cx="112" cy="20" r="5"/><path d="M16 20h34M70 20h34M52 18h16v12H52zM55 18v-5a5 5 0 0 1 10 0v5"/>`,
  egress: html`${BUYER}<path d="M60 2v12M60 26v12M16 20h84l-7-5m7 5l-7 5M16 24l36 10m-5 3l10-6m-9-1l8 8"/>`,
  retries: html`${BUYER}<circle cx="112" cy="20" r="5"/><path d="M16 20h88M30 20c8-18 30-18 38 0M50 20c8-18 30-18 38 0M70 27l6 6m0-6l-6 6"/>`,
  timeouts: html`${BUYER}<circle class="open" cx="112" cy="20" r="5"/><path d="M16 20h30M74 20h30"/><circle class="open" cx="60" cy="20" r="13"/><path d="M60 11v9l6 4"/>`,
  'rate-limit': html`${BUYER}<circle cx="112" cy="20" r="5"/><path d="M20 14v12M26 14v12M32 14v12M38 14v12M44 14v12M50 14v12M60 4v32M72 14v12M90 14v12"/>`,
  'circuit-breaking': html`${BUYER}<circle cx="112" cy="20" r="5"/><path d="M16 20h32M72 20h32M48 20l20-13M72 16v8"/>`,
  ejection: html`${BUYER}<circle cx="112" cy="6" r="5"/><circle cx="112" cy="34" r="5"/><path d="M16 20h36L104 6M52 20l52 14M96 15l10 10m0-10L96 25"/>`
}

/** What a promise is about, as a decorative picture; the text beside it says what was found. */
export function promisePicture(name: PromiseName): SafeHtml {
  return html`<svg class="promise-picture" viewBox="0 0 120 40" aria-hidden="true" focusable="false">${DRAWINGS[name]}</svg>`
}
