export { ASSET_HEADERS, loadPageAssets, type PageAssets } from './assets.ts'
export { contentSecurityPolicy, PAGE_HEADERS } from './headers.ts'
export { type PageOptions, renderPage } from './page.ts'
export { liveEvent, renderSections, type SectionId } from './sections.ts'
