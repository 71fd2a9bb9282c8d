import { createHash } from 'node:crypto'
import { html, SafeHtml } from '@bookstore/common'

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 40rem; padding: 0 1rem }
.total { font-size: 3rem; font-variant-numeric: tabular-nums }
`

/** Lets the page's own style through and nothing else. */
export const PAGE_CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

export interface PageContent {
  readonly identity: string
  /** Undefined when the database cannot be asked. */
  readonly total: number | undefined
  /** Why the warehouse is not ready, by part. */
  readonly reasons: Readonly<Record<string, string>>
}

/** The warehouse's page. It reloads itself and needs no script. */
export function renderPage({ identity, total, reasons }: PageContent): string {
  const faults = Object.entries(reasons).map(([part, why]) => html`<li>${part}: ${why}</li>`)
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="2">
<title>Bookwarehouse</title>
<style>${new SafeHtml(STYLE)}</style>
</head>
<body>
<main>
<h1>Bookwarehouse</h1>
<p>Identity: ${identity}</p>
<p>Total books: <span class="total">${total ?? 'unknown'}</span></p>
${faults.length > 0 && html`<h2>Not ready</h2><ul>${faults}</ul>`}
</main>
</body>
</html>
`.toString()
}
