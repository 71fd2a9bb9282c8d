import { html, type SafeHtml } from '@bookstore/common'
import type { Snapshot } from '@bookstore/contract'
import { icon } from './icons.ts'

/** That stores misbehave on demand, for the top of the page; nothing while none does. */
export function renderFaults({ ledger }: Pick<Snapshot, 'ledger'>): SafeHtml {
  const faulty = ledger.stores.filter(({ faults }) => faults !== '')
  if (faulty.length === 0) return html``
  return html`<div class="problems">${icon('broken')}<div><h2>Stores misbehave on demand</h2>
<ul>${faulty.map(({ version, faults }) => html`<li>${version} ${faults}.</li>`)}</ul>
<p>What fails now may be theirs, not the mesh’s. It ends by itself.</p></div></div>`
}
