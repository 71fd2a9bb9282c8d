import { html, type SafeHtml } from '@bookstore/common'
import type { SplitVerdict } from '@bookstore/contract'

/** What the signs in a share bar mean. */
export function renderBarKey({ alpha, versions }: SplitVerdict): SafeHtml {
  return barKey(alpha, {
    mark: 'declared, with the band that counts as equal',
    isMarked: versions.some(({ declared }) => declared !== null),
    hasRecent: true
  })
}

/** The same for the bar of a thief. */
export function renderAccessKey({ alpha }: SplitVerdict): SafeHtml {
  return barKey(alpha, {
    mark: 'expected: all; a pass means that none got in and the whisker is within the band',
    isMarked: true,
    hasRecent: false
  })
}

function barKey(
  alpha: number,
  { mark, isMarked, hasRecent }: { readonly mark: string; readonly isMarked: boolean; readonly hasRecent: boolean }
): SafeHtml {
  const sure = Number(((1 - alpha) * 100).toFixed(2))
  return html`<p class="key"><span>${keyWhisker()} where the true share lies, ${sure} % sure at any time</span> ${hasRecent && html`<span>${keyRecent()} the last ten seconds</span> `}${
    isMarked ? html`<span>${keyRibbon()} ${mark}</span>` : html`<span>Nothing is declared, so nothing is judged.</span>`
  }</p>`
}

function keyRecent(): SafeHtml {
  return html`<svg class="key-sign" viewBox="0 0 28 18" aria-hidden="true" focusable="false"><rect class="recent look-0" x="2" y="6" width="24" height="6" rx="2"/></svg>`
}

function keyWhisker(): SafeHtml {
  return html`<svg class="key-sign whisker" viewBox="0 0 28 18" aria-hidden="true" focusable="false"><path d="M2 9h24M2 3v12M26 3v12"/></svg>`
}

function keyRibbon(): SafeHtml {
  return html`<svg class="key-sign ribbon" viewBox="0 0 28 18" aria-hidden="true" focusable="false"><rect class="band" x="2" width="24" height="18"/><path d="M14 0v18"/><path class="flag" d="M9 0h10v10l-5-4-5 4z"/></svg>`
}
