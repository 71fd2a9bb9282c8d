import { html, SafeHtml } from '@bookstore/common'
import { isRecordedEvent, type RecordedSecond, type ShoppingRecord } from '@bookstore/contract'
import { type Lane, picture } from './picture.ts'
import type { MigrationReport } from './report.ts'
import { boundOf, clock, proxyText, splitText, statementsOf } from './words.ts'

/** The report as one HTML file: no script, nothing loaded, and whole when printed. */
export function migrationPage(report: MigrationReport, buyer: ShoppingRecord, thief: ShoppingRecord): string {
  const { from, to, proxies, before, after, events } = report
  const statements = statementsOf(report)
  const lanes: readonly Lane[] = [
    {
      title: 'bookbuyer: outage is shaded and underlined',
      record: buyer,
      marked: [{ label: 'outage', spells: report.outage.spells }]
    },
    {
      title: 'bookthief: unenforced is shaded and underlined',
      record: thief,
      marked: [{ label: 'unenforced', spells: report.unenforced.spells }]
    }
  ]
  const spells = statements.flatMap(({ title, finding }) =>
    (finding?.spells ?? []).map(spell => [title, clock(spell.from), clock(spell.to), spell.evidence])
  )
  return pageOf(
    'Migration report of the bookstore',
    html`<p>From ${new Date(from).toISOString()} to ${new Date(to).toISOString()}. Times are UTC.</p>
${tableOf(
  ['What', 'Measured', 'What it means'],
  statements.map(({ title, value, meaning }) => [title, value, meaning])
)}
<h2>Second by second</h2>
${picture(lanes, { from, to })}
${keyOf([buyer, thief])}
<h2>Split</h2>
${tableOf(
  ['When', 'Time', 'Bought'],
  [
    ['Before', `${clock(before.from)} to ${clock(before.to)}`, splitText(before)],
    ['After', `${clock(after.from)} to ${clock(after.to)}`, splitText(after)]
  ]
)}
<h2>The proxy that answers passed through</h2>
${tableOf(
  ['Proxy', 'First', 'Last', 'Answers'],
  proxies.map(({ proxy, first, last, answers }) => [proxyText(proxy), clock(first), clock(last), String(answers)])
)}
<h2>Evidence</h2>
${tableOf(['What', 'From', 'To', 'Seen'], spells)}
<h2>Events</h2>
${tableOf(
  ['Time', 'Who', 'Event', 'Text'],
  events.map(({ at, who, event, text }) => [clock(at), who, event, text])
)}
<p>${boundOf(report)}</p>`
  )
}

/** One shopper's record as such a file. */
export function timelinePage(record: ShoppingRecord, range: { readonly from: number; readonly to: number }): string {
  const lane = { title: record.app, record, marked: [] }
  const events = record.entries.filter(isRecordedEvent)
  return pageOf(
    `Timeline of the ${record.app}`,
    html`<p>From ${new Date(range.from).toISOString()} to ${new Date(range.to).toISOString()}. Times are UTC.</p>
${picture([lane], range)}
${keyOf([record])}
<h2>Events</h2>
${tableOf(
  ['Time', 'Event', 'Text'],
  events.map(({ at, event, text }) => [clock(at), event, text])
)}`
  )
}

function pageOf(title: string, body: SafeHtml): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><style>${STYLE}</style></head>
<body><main><h1>${title}</h1>
${body}
</main></body></html>
`.toString()
}

function tableOf(heading: readonly string[], rows: readonly (readonly string[])[]): SafeHtml {
  if (rows.length === 0) return html`<p>Nothing.</p>`
  const head = heading.map(cell => html`<th scope="col">${cell}</th>`)
  const body = rows.map(
    row =>
      html`<tr>${row.map((cell, at) => (at === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}</tr>`
  )
  return html`<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}

function keyOf(records: readonly ShoppingRecord[]): SafeHtml {
  // lanes colour their own versions in the order of their names
  const versionsOf = ({ entries }: ShoppingRecord) =>
    [...new Set(entries.flatMap(entry => Object.keys((entry as RecordedSecond).bought ?? {})))].sort()
  const named = records.flatMap(record => versionsOf(record).map((version, at) => `${at % 4} ${version}`))
  const versions = [...new Set(named)].map(
    entry => html`<li><i class="v${entry.slice(0, 1)}"></i>${entry.slice(2)}</li>`
  )
  return html`<ul class="key">${versions}<li><i class="denied"></i>denied</li><li><i class="failed"></i>failed</li><li><i class="mark"></i>shaded</li></ul>`
}

const STYLE = new SafeHtml(`
:root{color-scheme:light dark;--v0:#2f6fb3;--v1:#d9822b;--v2:#4f9d69;--v3:#8a63b8;--denied:#8a8f98;--failed:#c23b3b;--mark:#c23b3b33;--line:#8888}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--line)}
svg{width:100%;height:auto}text{fill:currentColor;font:12px system-ui,sans-serif}text.lane{font-weight:600;font-size:13px}
.axis{stroke:currentColor}.event{stroke:currentColor;stroke-dasharray:3 3}
.v0{fill:var(--v0);background:var(--v0)}.v1{fill:var(--v1);background:var(--v1)}.v2{fill:var(--v2);background:var(--v2)}.v3{fill:var(--v3);background:var(--v3)}
.denied{fill:var(--denied);background:var(--denied)}.failed{fill:var(--failed);background:var(--failed)}.mark{fill:var(--mark);background:var(--mark)}
.key{list-style:none;display:flex;flex-wrap:wrap;gap:1rem;padding:0}.key i{display:inline-block;width:.9em;height:.9em;margin-right:.4em;vertical-align:-.1em}
td:last-child{overflow-wrap:anywhere}.key i,svg *{print-color-adjust:exact}
@media print{:root{color-scheme:light}body{margin:0;max-width:none}h2,tr,svg{break-inside:avoid}h2{break-after:avoid}}
`)
