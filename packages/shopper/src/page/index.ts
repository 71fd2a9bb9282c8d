export { ASSET_HEADERS, loadPageAssets } from './assets.ts'
export { PAGE_HEADERS } from './headers.ts'
export { renderPage } from './page.ts'
export { liveEvent } from './sections.ts'
