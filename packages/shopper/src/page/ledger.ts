import { html, type SafeHtml } from '@bookstore/common'
import { type LedgerView, type Snapshot, whole } from '@bookstore/contract'
import { count } from './text.ts'
import { styleOf, swatch } from './version-styles.ts'

interface Sums {
  readonly boughtHere: number
  readonly sold: number
  readonly restocked: number
  readonly outbox: number
}

/** Follows the books from the purchase to the warehouse, and says whether they all arrived. */
export function renderLedger({ ledger, app }: Snapshot): SafeHtml {
  if (ledger.stores.length === 0) {
    return html`<h2>Follow the books</h2><p class="quiet">No store has answered yet, so there is nothing to add up.</p>`
  }
  const sums = sumStores(ledger)
  return html`<h2>Follow the books</h2>
<ol class="flow">
${step(app === 'bookthief' ? 'stolen here' : 'bought here', sums.boughtHere)}
${step('sold by the stores', sums.sold)}
${step('on their way', sums.outbox)}
${step('restocked', sums.restocked)}
${step('in the warehouse', ledger.warehouseTotal)}
</ol>
<ul class="plain">${reconcile(sums, ledger.warehouseTotal).map(line => html`<li>${line}</li>`)}</ul>
${renderStores(ledger)}`
}

/** What the numbers of the ledger say, a sentence each: equal, or by how much not and why that may be. */
export function reconcile(sums: Sums, warehouseTotal: number | null): readonly string[] {
  return [bySeller(sums), byOutbox(sums), byWarehouse(sums, warehouseTotal)].filter(line => line !== null)
}

function bySeller({ sold, boughtHere }: Sums): string | null {
  if (sold === boughtHere) return `Every book that was sold came to this shopper: ${whole(sold)}.`
  return sold > boughtHere
    ? `${count(sold - boughtHere, 'book')} more sold than this shopper got: to other customers, or before this count began.`
    : `${count(boughtHere - sold, 'book')} came here that no store knows of: a store has lost its count, or was replaced.`
}

function byOutbox({ sold, restocked, outbox }: Sums): string {
  const open = sold - restocked - outbox
  if (open !== 0) {
    return `${count(Math.abs(open), 'sold book')} ${open > 0 ? 'neither restocked nor on the way' : 'too many restocked'}: ${whole(sold)} sold, ${whole(restocked)} restocked, ${whole(outbox)} on their way.`
  }
  return outbox === 0
    ? `Every sold book was restocked: ${whole(restocked)}.`
    : `Every sold book is restocked or on its way: ${whole(restocked)} + ${whole(outbox)} = ${whole(sold)}.`
}

// the numbers come with answers, so those of another store may be a moment older
function byWarehouse({ restocked }: Sums, total: number | null): string {
  if (total === null) return 'The warehouse’s total was not told yet.'
  const difference = total - restocked
  if (difference === 0) return `The warehouse has them all: ${whole(total)}, equal.`
  return difference > 0
    ? `The warehouse has ${whole(difference)} more: restocked by stores that were not met here, or since their last answer.`
    : `The warehouse has ${whole(-difference)} fewer: told before the newest restocks, or lost.`
}

function sumStores({ stores }: LedgerView): Sums {
  const sum = (of: (store: LedgerView['stores'][number]) => number) =>
    stores.reduce((total, store) => total + of(store), 0)
  return {
    boughtHere: sum(store => store.boughtHere),
    sold: sum(store => store.sold),
    restocked: sum(store => store.restocked),
    outbox: sum(store => store.outbox)
  }
}

function step(label: string, number: number | null): SafeHtml {
  return html`<li><strong>${number === null ? '?' : whole(number)}</strong> <span>${label}</span></li>`
}

function renderStores({ stores }: LedgerView): SafeHtml {
  return html`<details><summary>By store (${stores.length})</summary><ul class="stores">${stores.map(
    store =>
      html`<li>${swatch(styleOf(store.version))} <b>${store.version}</b> <span class="detail">${store.instance}</span>: ${whole(store.boughtHere)} bought here, ${whole(store.sold)} sold, ${whole(store.restocked)} restocked, ${whole(store.outbox)} on their way</li>`
  )}</ul></details>`
}
