import { followingPagePolicy, html, renderFollowingPage } from '@bookstore/common'

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 40rem; padding: 0 1rem }
.total { font-size: 3rem; font-variant-numeric: tabular-nums }
`

/** Lets the page's own style and script through and nothing else. */
export const PAGE_CSP = followingPagePolicy(STYLE)

export interface PageContent {
  readonly identity: string
  /** Undefined when the database cannot be asked. */
  readonly total: number | undefined
  /** Why the warehouse is not ready, by part. */
  readonly reasons: Readonly<Record<string, string>>
}

/** The warehouse's page. */
export function renderPage({ identity, total, reasons }: PageContent): string {
  const faults = Object.entries(reasons).map(([part, why]) => html`<li>${part}: ${why}</li>`)
  const main = html`<h1>Bookwarehouse</h1>
<p>Identity: ${identity}</p>
<p>Total books: <span class="total">${total ?? 'unknown'}</span></p>
${faults.length > 0 && html`<h2>Not ready</h2><ul>${faults}</ul>`}`
  return renderFollowingPage({ title: 'Bookwarehouse', style: STYLE, main })
}
