import { html, type SafeHtml } from '@bookstore/common'

// Six looks, each a colour and a pattern (see page.css); colours after Okabe and Ito, https://jfly.uni-koeln.de/color/
const LOOKS = 6

/** The class of a version's look: by its number, so that a version looks the same at all times; versions without one look alike. */
export function lookOf(version: string): string {
  const number = /v(\d+)$/.exec(version)?.[1]
  return number === undefined ? 'look-other' : `look-${(Math.max(1, Number(number)) - 1) % LOOKS}`
}

/** A small sample of a version's look for legends. */
export function swatch(look: string): SafeHtml {
  return html`<svg class="swatch" viewBox="0 0 18 18" aria-hidden="true" focusable="false"><rect class="${look}" width="18" height="18" rx="3"/></svg>`
}

/** The patterns that the looks are filled with; once per page, outside of what is replaced. */
export function patterns(): SafeHtml {
  return html`<svg class="definitions" width="0" height="0" aria-hidden="true" focusable="false"><defs>
${pattern('0', 8, 0, html``)}
${pattern('1', 8, 45, html`<rect class="mark" width="2.5" height="8"/>`)}
${pattern('2', 8, 0, html`<circle class="mark" cx="4" cy="4" r="1.6"/>`)}
${pattern('3', 7, 0, html`<rect class="mark" width="7" height="2"/>`)}
${pattern('4', 8, -45, html`<rect class="mark" width="4" height="8"/>`)}
${pattern('5', 6, 0, html`<rect class="mark" width="2" height="6"/>`)}
${pattern('other', 6, 45, html`<path class="mark-line" d="M0 0h6M0 0v6"/>`)}
${pattern('denied', 6, -45, html`<rect class="mark" width="2.5" height="6"/>`)}
${pattern('failed', 5, 45, html`<path class="mark-line" d="M0 0h5M0 0v5"/>`)}
</defs></svg>`
}

function pattern(name: string, size: number, turn: number, mark: SafeHtml): SafeHtml {
  return html`<pattern id="pattern-${name}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="rotate(${turn})"><rect class="base-${name}" width="${size}" height="${size}"/>${mark}</pattern>`
}
