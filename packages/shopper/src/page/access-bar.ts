import { html, type SafeHtml } from '@bookstore/common'
import { percent, type Snapshot, whole } from '@bookstore/contract'
import { renderAccessKey } from './bar-key.ts'
import { labelsOf } from './role-labels.ts'
import { renderShareBar } from './share-bar.ts'
import { count, timeOfDay } from './text.ts'
import { swatch } from './version-styles.ts'

/** How the door holds against somebody who should be denied: the share of attempts that were, and how sure that is. */
export function renderAccessBar(snapshot: Snapshot): SafeHtml {
  const { access, verdict } = snapshot
  const { bought, denied } = access.counts
  const answered = bought + denied
  if (answered === 0) {
    return html`<h2>Does the door hold?</h2><p class="quiet">Nobody has opened or refused yet.</p>`
  }
  const share = denied / answered
  const low = Math.min(share, 1 - access.upperBound)
  const bar = { name: 'denied', look: 'look-denied', share, low, high: share, declared: 1 }
  return html`<h2>Does the door hold?</h2>
<p class="version-name">${swatch('look-denied')}<span>denied</span><strong>${percent(share, 1)}</strong></p>
${renderShareBar({ ...bar, tolerance: verdict.tolerance })}
${renderAccessKey(verdict)}
<p class="big">${conclusion(snapshot)}</p>
${snapshot.counts.bought > 0 && renderLoot(snapshot)}`
}

function conclusion({ counts, access }: Snapshot): SafeHtml {
  if (access.status === 'fail') return html`${count(access.counts.bought, 'book')} gone.`
  if (counts.bought === 0) return html`${count(access.counts.denied, 'attempt')}, and not one book.`
  return html`Not one book since <time datetime="${access.since}">${timeOfDay(access.since)}</time>.`
}

function renderLoot({ counts, app }: Snapshot): SafeHtml {
  const parts = Object.entries(counts.byVersion).map(
    ([version, books]) => html`<span>${version} <b>${whole(books)}</b></span> `
  )
  return html`<p class="version-facts"><span>${labelsOf(app).bought} since the counts began:</span> ${parts}</p>`
}
