import { html, type SafeHtml } from '@bookstore/common'
import type { Snapshot } from '../snapshot.ts'
import { renderDoorKey } from './bar-key.ts'
import { swatch } from './looks.ts'
import { renderShareBar } from './share-bar.ts'
import { count, percent, whole } from './text.ts'

/** How the door holds against somebody who should be denied: the share of attempts that were, and how sure that is. */
export function renderDoor({ counts: { bought, denied }, access, verdict }: Snapshot): SafeHtml {
  const answered = bought + denied
  if (answered === 0) {
    return html`<h2>Does the door hold?</h2><p class="quiet">Nobody has opened or refused yet.</p>`
  }
  const share = denied / answered
  return html`<h2>Does the door hold?</h2>
<p class="version-name">${swatch('look-denied')}<span>denied</span><strong>${percent(share)}</strong></p>
${renderShareBar({ name: 'denied', look: 'look-denied', share, low: Math.min(share, 1 - access.upperBound), high: share, declared: 1, tolerance: verdict.tolerance })}
<p class="version-facts"><span><b>${whole(denied)}</b> of <b>${whole(answered)}</b> attempts denied</span> <span><b>${whole(bought)}</b> got in</span></p>
${renderDoorKey(verdict)}
<p class="big">${bought === 0 ? `${count(answered, 'attempt')}, and not one book.` : `${count(bought, 'book')} gone, in ${count(answered, 'attempt')}.`}</p>`
}
