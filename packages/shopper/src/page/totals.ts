import { html, type SafeHtml } from '@bookstore/common'
import type { Snapshot } from '@bookstore/contract'
import { labelsOf } from './role-labels.ts'
import { timeOfDay } from './text.ts'

/** The counts in the words of the original bookstore demo, which people and scripts look for; plain digits. */
export function renderTotals({ app, counts, at }: Snapshot): SafeHtml {
  const { bought, countId } = labelsOf(app)
  const of = (version: string) => counts.byVersion[version] ?? 0
  return html`<ul class="totals"><li>Total books ${bought}: <strong id="${countId}">${counts.bought}</strong></li>
<li>from bookstore V1: <strong id="${countId}V1">${of('bookstore-v1')}</strong></li>
<li>from bookstore V2: <strong id="${countId}V2">${of('bookstore-v2')}</strong></li>
<li>Current Time: <time datetime="${at}">${timeOfDay(at)}</time></li></ul>`
}
