import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** The files that the page needs besides itself. */
export interface PageAssets {
  readonly css: string
  readonly js: string
  /** The worker that holds the stream for all tabs. */
  readonly worker: string
  /** Changes with the content; in the addresses of both, so that they may be cached for ever. */
  readonly version: string
}

const FOR_EVER = 'public, max-age=31536000, immutable'

/** Headers of the assets: their address changes with their content. */
export const ASSET_HEADERS = {
  css: { 'content-type': 'text/css; charset=utf-8', 'cache-control': FOR_EVER },
  js: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': FOR_EVER }
} as const

/** The parts of the style sheet in the order in which they hold. */
const SHEETS = [
  'base',
  'header',
  'layout',
  'verdict',
  'actions',
  'versions',
  'version-styles',
  'shelf',
  'outcomes',
  'details',
  'promises',
  'lesson',
  'picture',
  'media',
  'stage'
]

/** Served as one script each. */
const SCRIPTS = ['dom', 'forms', 'feed', 'stream', 'dots', 'sliders', 'stage', 'page']
const WORKER_SCRIPTS = ['feed', 'stream-worker']

/** Reads the assets; once, at the start. Throws when a file is missing. */
export function loadPageAssets(): PageAssets {
  const client = new URL('./client/', import.meta.url)
  const joined = (paths: readonly string[]) => paths.map(path => readFileSync(new URL(path, client), 'utf8')).join('\n')
  const css = joined(SHEETS.map(name => `css/${name}.css`))
  // one file instead of three modules: one request, and one address that changes with the content
  const script = (names: readonly string[]) =>
    joined(names.map(name => `${name}.js`))
      .replace(/^import .*\n/gm, '')
      .replace(/^export /gm, '')
  const js = script(SCRIPTS)
  const worker = script(WORKER_SCRIPTS)
  const version = createHash('sha256').update(css).update(js).update(worker).digest('hex').slice(0, 12)
  return { css, js, worker, version }
}
