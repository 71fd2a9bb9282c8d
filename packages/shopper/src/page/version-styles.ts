import { html, type SafeHtml } from '@bookstore/common'

// Colours after Okabe and Ito (https://jfly.uni-koeln.de/color/), in page.css; each look has a pattern of its own
// beside its colour.
const COLOURS = 6
const LOOKS = 12

const MARKS: readonly { readonly size: number; readonly turn: number; readonly mark: SafeHtml }[] = [
  { size: 8, turn: 0, mark: html`` },
  { size: 8, turn: 45, mark: html`<rect class="mark" width="2.5" height="8"/>` },
  { size: 8, turn: 0, mark: html`<circle class="mark" cx="4" cy="4" r="1.6"/>` },
  { size: 7, turn: 0, mark: html`<rect class="mark" width="7" height="2"/>` },
  { size: 8, turn: -45, mark: html`<rect class="mark" width="4" height="8"/>` },
  { size: 6, turn: 0, mark: html`<rect class="mark" width="2" height="6"/>` }
]
const CROSSED = html`<path class="mark-line" d="M0 0h6M0 0v6"/>`

/**
 * The class of a version's look: by its number, so that a version looks the same at all times; versions without one
 * look alike.
 */
export function styleOf(version: string): string {
  const number = /v(\d+)$/.exec(version)?.[1]
  return number === undefined ? 'look-other' : `look-${(Math.max(1, Number(number)) - 1) % LOOKS}`
}

/** A small sample of a look for legends. */
export function swatch(look: string): SafeHtml {
  return html`<svg class="swatch" viewBox="0 0 18 18" aria-hidden="true" focusable="false"><rect class="${look}" width="18" height="18" rx="3"/></svg>`
}

/** The patterns that the looks are filled with; once per page, outside of what is replaced. */
export function patterns(): SafeHtml {
  const numbered = Array.from({ length: LOOKS }, (_, index) => {
    const { size, turn, mark } = MARKS[(index + Math.floor(index / COLOURS)) % COLOURS] ?? PLAIN
    return pattern(String(index), String(index % COLOURS), { size, turn, mark })
  })
  return html`<svg class="definitions" width="0" height="0" aria-hidden="true" focusable="false"><defs><marker id="arrow" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="5" markerHeight="5" orient="auto"><path class="arrow" d="M0 0L10 5L0 10z"/></marker>${numbered}
${pattern('other', 'other', { size: 6, turn: 45, mark: CROSSED })}
${pattern('denied', 'denied', { size: 6, turn: -45, mark: html`<rect class="mark" width="2.5" height="6"/>` })}
${pattern('failed', 'failed', { size: 6, turn: 0, mark: CROSSED })}</defs></svg>`
}

const PLAIN = { size: 8, turn: 0, mark: html`` }

function pattern(name: string, colour: string, { size, turn, mark }: (typeof MARKS)[number]): SafeHtml {
  return html`<pattern id="pattern-${name}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="rotate(${turn})"><rect class="base-${colour}" width="${size}" height="${size}"/>${mark}</pattern>`
}
