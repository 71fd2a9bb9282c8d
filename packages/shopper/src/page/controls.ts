import { html, type SafeHtml } from '@bookstore/common'
import { type Snapshot, whole } from '@bookstore/contract'
import { labelsOf } from './role-labels.ts'
import { weightsText } from './text.ts'

const EXAMPLE = 'bookstore-v1=50,bookstore-v2=50'

/** Buttons that work as plain forms; the script sends them without leaving the page. */
export function renderActions({ app }: Snapshot): SafeHtml {
  return html`<form class="burst" method="post" action="burst" data-send="burst">
<label>${app === 'bookbuyer' ? 'Purchases' : 'Attempts'} <input name="purchases" type="number" inputmode="numeric" min="1" max="10000" value="5000" required></label>
<label>at a time <input name="concurrency" type="number" inputmode="numeric" min="1" max="64" value="16" required></label>
<button>${labelsOf(app).burst}</button></form>
<form class="reset" method="get" action="reset" data-send="reset"><button class="second">Reset the counts</button></form>`
}

/** The form that declares another split. */
export function renderDeclareForm({ declared }: Snapshot): SafeHtml {
  const weights = declared.split === null ? EXAMPLE : weightsText(declared.split)
  return html`<form class="declare" method="post" action="declare" data-send="declare">
<label for="split">Declare another split, to judge against <span class="quiet">(it does not change the mesh)</span></label>
<div class="row"><input id="split" name="split" value="${weights}" placeholder="${EXAMPLE}" maxlength="500" required autocomplete="off" spellcheck="false" autocapitalize="off"><button class="second">Declare</button></div><output class="said" for="split"></output></form>`
}

/** The pace of shopping, and how far a burst is. */
export function renderPace({ pace, burst, app }: Snapshot): SafeHtml {
  const trying = app === 'bookbuyer' ? 'buying' : 'trying'
  const rate = Number(pace.purchasesPerSecond.toFixed(1))
  const usual = html`${trying} <b>${rate === 1 ? 'once' : rate}</b>${rate !== 1 && ' times'} a second${pace.concurrency > 1 && html`, <b>${pace.concurrency}</b> at a time`}`
  if (!burst) return html`<p>${usual}</p>`
  const progress = `${whole(burst.done)} of ${whole(burst.total)}`
  if (!burst.running) return html`<p>${usual}</p><p>last burst: ${progress}</p>`
  return html`<p>${usual}</p><p class="progress"><progress aria-label="Burst" max="${Math.max(1, burst.total)}" value="${burst.done}"></progress> <span>burst: ${progress}</span></p>`
}
