import { createHash } from 'node:crypto'
import { html, SafeHtml } from './html.ts'

/** Fetches the page again every 2 s and takes over its `main`; says so where nothing answers. */
const SCRIPT = `
const lost = document.getElementById('lost')
setInterval(async () => {
  if (document.hidden) return
  try {
    const answer = await fetch(location.href)
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const [now, next] = [document, page].map(({ body }) => body.querySelector('main'))
    if (now && next && now.innerHTML !== next.innerHTML) now.replaceChildren(...next.childNodes)
    lost.hidden = next !== null
  } catch {
    lost.hidden = false
  }
}, 2000)
`

export interface FollowingPage {
  readonly title: string
  readonly style: string
  /** What changes, inside of `main`. */
  readonly main: SafeHtml
  /** Off for an answer that must not be asked for again, such as that to a purchase. */
  readonly isFollowing?: boolean
}

/** A whole page that stays up to date without a reload, which would lose where one reads; reloads where no script runs. */
export function renderFollowingPage({ title, style, main, isFollowing = true }: FollowingPage): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new SafeHtml(style)}</style>
${isFollowing && html`<noscript><meta http-equiv="refresh" content="2"></noscript>`}
</head>
<body>
<main>
${main}
</main>
${
  isFollowing &&
  html`<p id="lost" role="status" hidden>No connection: this is old.</p>
<script>${new SafeHtml(SCRIPT)}</script>`
}
</body>
</html>
`.toString()
}

/** The content security policy of such a page: its own style and script, and nothing else. */
export function followingPagePolicy(style: string): string {
  return `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(SCRIPT)}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
