import { createHash } from 'node:crypto'
import { html } from '@bookstore/common'
import type { FastifyReply } from 'fastify'
import type { LedgerReport } from './report.ts'

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 34rem; margin: 4rem auto; padding: 0 1.25rem }
h1 { font-size: 1rem; font-weight: 600; opacity: .75; margin: 0 }
.sold { font-size: 2.5rem; font-weight: 650; margin: .25rem 0 1.5rem; font-variant-numeric: tabular-nums }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem }
dt { opacity: .75 }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
.problem { border-left: .25rem solid #d97706; padding: .25rem .75rem; overflow-wrap: anywhere }
`

const styleHash = createHash('sha256').update(STYLE).digest('base64')

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  // a cached answer to /buy-a-book/new would be a sale that never was
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer'
}

/** Answers with the store's page; `counter` is the number after `Books sold:`. */
export type SendPage = (reply: FastifyReply, report: LedgerReport, counter: number) => FastifyReply

/** A `SendPage` that renders once for each state of the books. */
export function createSendPage(): SendPage {
  let last: { readonly report: LedgerReport; readonly counter: number; readonly page: string } | undefined
  return (reply, report, counter) => {
    if (last?.report !== report || last.counter !== counter) {
      last = { report, counter, page: renderPage(report, counter) }
    }
    return reply.headers(PAGE_HEADERS).send(last.page)
  }
}

// what is the same in every page is put together once
const HEAD = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Bookstore</title>
<style>${STYLE}</style>
</head>
<body>
<main>
`

/** The whole page. It loads nothing and runs no script. */
function renderPage(report: LedgerReport, counter: number): string {
  const { identity, restocked, outbox, dropped, problem, faults } = report
  return `${HEAD}${html`<h1>${identity}</h1>
${faults !== undefined && html`<p class="problem">Misbehaves on demand: it ${faults}.</p>`}
<p class="sold">Books sold: ${counter}</p>
<dl>
<dt>Restocked by the warehouse</dt><dd>${restocked}</dd>
<dt>Restocks still to be sent</dt><dd>${outbox}</dd>
${dropped > 0 && html`<dt>Restocks refused for good</dt><dd>${dropped}</dd>`}
</dl>
${problem !== undefined && html`<p class="problem">Last restock: ${problem}</p>`}
</main>
</body>
</html>
`}`
}
