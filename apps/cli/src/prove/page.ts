import { html, SafeHtml } from '@bookstore/common'
import { promiseTitle } from '@bookstore/contract'
import { PROMISE_WORDS, type ProveReport, rowsOf } from './words.ts'

/** The report as one HTML file for a change ticket: no script, nothing loaded, and whole when printed. */
export function provePage({ judged, at, seconds, results, problems, note }: ProveReport): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Promises of the mesh</title><style>${STYLE}</style></head>
<body><main><h1>Promises of the mesh</h1>
<p>${at}, in ${seconds.toFixed(1)} s; ${judged}.</p>
<table><thead><tr><th scope="col">Promise</th><th scope="col">Verdict</th><th scope="col">What was declared, seen and found</th></tr></thead>
<tbody>${results.map(
    result => html`<tr class="${result.status}"><th scope="row">${promiseTitle(result.name)}</th><td><b>${PROMISE_WORDS[result.status]}</b></td>
<td><dl>${rowsOf(result).map(([name, text]) => html`<dt>${name}</dt><dd>${text}</dd>`)}</dl></td></tr>`
  )}</tbody></table>
${problems.length > 0 && html`<h2>Warnings</h2><ul>${problems.map(problem => html`<li>${problem}</li>`)}</ul>`}
${note !== '' && html`<p>${note}</p>`}
<p>A promise that is kept is called broken in at most 1 of 100 proofs. What each verdict rests on is in docs/promises.md.</p>
</main></body></html>
`.toString()
}

const STYLE = new SafeHtml(`
:root{color-scheme:light dark;--pass:#2f7d4f;--fail:#c23b3b;--pending:#9a6700;--line:#8888}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:62rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem .8rem .5rem 0;border-bottom:1px solid var(--line)}
dl{margin:0;display:grid;grid-template-columns:7rem 1fr;gap:.1rem .8rem}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
.pass b{color:var(--pass)}.fail b{color:var(--fail)}.pending b{color:var(--pending)}
`)
