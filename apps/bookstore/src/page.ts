import { followingPagePolicy, html, renderFollowingPage } from '@bookstore/common'
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

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  // a cached answer to /buy-a-book/new would be a sale that never was
  'cache-control': 'no-store',
  'content-security-policy': followingPagePolicy(STYLE),
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer'
}

/** Answers with the store's page; `counter` is the number after `Books sold:`. */
export type SendPage = (reply: FastifyReply, report: LedgerReport, counter: number) => FastifyReply

/** A `SendPage` that renders once for each state of the books. */
export function createSendPage(): SendPage {
  let last:
    | { readonly report: LedgerReport; readonly counter: number; readonly isFollowing: boolean; readonly page: string }
    | undefined
  return (reply, report, counter) => {
    // to ask for a purchase again would be a purchase
    const isFollowing = /^\/(\?|$)/.test(reply.request.url)
    if (last?.report !== report || last.counter !== counter || last.isFollowing !== isFollowing) {
      last = { report, counter, isFollowing, page: renderPage(report, counter, { isFollowing }) }
    }
    return reply.headers(PAGE_HEADERS).send(last.page)
  }
}

/** The whole page. */
function renderPage(report: LedgerReport, counter: number, { isFollowing }: { readonly isFollowing: boolean }): string {
  const { identity, restocked, outbox, dropped, problem, faults } = report
  const main = html`<h1>${identity}</h1>
${faults !== undefined && html`<p class="problem">Misbehaves on demand: it ${faults}.</p>`}
<p class="sold">Books sold: ${counter}</p>
<dl>
<dt>Restocked by the warehouse</dt><dd>${restocked}</dd>
<dt>Restocks still to be sent</dt><dd>${outbox}</dd>
${dropped > 0 && html`<dt>Restocks refused for good</dt><dd>${dropped}</dd>`}
</dl>
${problem !== undefined && html`<p class="problem">Last restock: ${problem}</p>`}`
  return renderFollowingPage({ title: 'Bookstore', style: STYLE, main, isFollowing })
}
