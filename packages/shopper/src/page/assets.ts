import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The files that the page needs besides itself. */
export interface PageAssets {
  readonly css: string
  readonly js: string
  /** Changes with the content; in the addresses of both, so that they may be cached for ever. */
  readonly version: string
}

const FOR_EVER = 'public, max-age=31536000, immutable'

/** Headers of the assets: their address changes with their content. */
export const ASSET_HEADERS = {
  css: { 'content-type': 'text/css; charset=utf-8', 'cache-control': FOR_EVER },
  js: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': FOR_EVER }
} as const

/** Reads the assets; once, at the start. Throws when a file is missing. */
export function loadPageAssets(): PageAssets {
  const css = readFileSync(new URL('./client/page.css', import.meta.url), 'utf8')
  const js = readFileSync(new URL('./client/page.js', import.meta.url), 'utf8')
  const version = createHash('sha256').update(css).update(js).digest('hex').slice(0, 12)
  return { css, js, version }
}
