import type { PageView } from './api/page-view.ts'
import { ASSET_HEADERS, liveEvent, loadPageAssets, PAGE_HEADERS, renderPage } from './page/index.ts'

/** The page as the routes need it; reads its assets. Throws when one is missing. */
export function loadPageView(): PageView {
  const { css, js, worker, version: assetVersion } = loadPageAssets()
  return {
    headers: PAGE_HEADERS,
    render: (scene, options) => renderPage(scene, { ...options, assetVersion }),
    liveEvent: scene => liveEvent(scene, assetVersion),
    assets: {
      '/assets/page.css': { headers: ASSET_HEADERS.css, text: css },
      '/assets/page.js': { headers: ASSET_HEADERS.js, text: js },
      '/assets/stream.js': { headers: ASSET_HEADERS.js, text: worker }
    }
  }
}
