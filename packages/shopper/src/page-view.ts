import type { PageView } from './api/routes.ts'
import { ASSET_HEADERS, liveEvent, loadPageAssets, PAGE_HEADERS, renderPage } from './page/index.ts'

/** The page as the routes need it; reads its assets. Throws when one is missing. */
export function loadPageView(): PageView {
  const { css, js, version: assetVersion } = loadPageAssets()
  return {
    headers: PAGE_HEADERS,
    render: (snapshot, timeline, options) => renderPage(snapshot, timeline, { ...options, assetVersion }),
    liveEvent: (snapshot, timeline) => liveEvent(snapshot, timeline, assetVersion),
    assets: {
      '/assets/page.css': { headers: ASSET_HEADERS.css, text: css },
      '/assets/page.js': { headers: ASSET_HEADERS.js, text: js }
    }
  }
}
