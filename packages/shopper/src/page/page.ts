import { html, SafeHtml } from '@bookstore/common'
import type { Snapshot } from '@bookstore/contract'
import type { Scene } from '../api/page-view.ts'
import { renderActions, renderDeclareForm } from './controls.ts'
import { icon, logo } from './icons.ts'
import { renderWeightsForm } from './lesson.ts'
import { labelsOf } from './role-labels.ts'
import { renderSections, type SectionId } from './sections.ts'
import { dotLayer } from './topology.ts'
import { patterns } from './version-styles.ts'

/** What may be said or done once, in the answer to a form. */
export interface PageOptions {
  /** Version of the assets, from `loadPageAssets`. */
  readonly assetVersion: string
  /** What came of a form that was sent, shown at the top. */
  readonly notice?: { readonly kind: 'done' | 'problem'; readonly text: string } | undefined
  /** Whether the page reloads itself where there is no JavaScript; off for somebody who fills in a form. */
  readonly reload?: boolean | undefined
  /** The stage is one screen for a projector. */
  readonly view?: 'page' | 'stage' | undefined
}

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath fill='%230072b2' d='M2 4h8v24H2z'/%3E%3Cpath fill='%23e69f00' d='M12 8h7v20h-7z'/%3E%3Cpath fill='%23009e73' d='M20 9l6-2 6 19-6 2z'/%3E%3C/svg%3E"

/**
 * The whole page, HTML, complete without JavaScript. Addresses are relative, so that it works behind a path as well.
 */
export function renderPage(scene: Scene, options: PageOptions): string {
  const { snapshot } = scene
  const words = labelsOf(snapshot.app)
  const page = html`<!doctype html>
<html lang="en" data-view="${options.view ?? 'page'}" data-assets="${options.assetVersion}" data-at="${snapshot.at}">
<head>
<meta charset="utf-8">
<title>${words.title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${ICON}">
<link rel="stylesheet" href="assets/page.css?v=${options.assetVersion}">
<script src="assets/page.js?v=${options.assetVersion}" defer></script>
${options.reload !== false && html`<noscript><meta http-equiv="refresh" content="2; url=./"></noscript>`}
</head>
<body class="${snapshot.app}">
${patterns()}
<a class="skip" href="#main">Skip to the verdict</a>
${renderHeader(snapshot, options)}
${renderMain(scene, options)}
${renderFooter()}
</body>
</html>
`
  return page.markup
}

function renderHeader({ app }: Snapshot, { reload }: PageOptions): SafeHtml {
  const { title, purpose } = labelsOf(app)
  const paused = html`This page stands still. <a href="./">Let it reload</a>`
  const reloading = html`This page reloads itself. <a href="?reload=off">Stop that, to fill in a form</a>`
  return html`<header>${logo()}<div><h1>${title}</h1><p>${purpose}</p></div>
<p class="hint"><a href="?view=stage">Stage</a> for a projector: key <kbd>P</kbd></p>
<p id="connection" class="connection" hidden></p>
<noscript><p class="connection">${reload === false ? paused : reloading}</p></noscript>
<p id="announcer" class="visually-hidden" role="status" aria-live="polite"></p></header>`
}

function renderMain(scene: Scene, { notice }: PageOptions): SafeHtml {
  const { snapshot } = scene
  const sections = renderSections(scene)
  // the split is the buyer's question
  const isJudged = snapshot.app === 'bookbuyer'
  const live = (id: SectionId) => new SafeHtml(sections[id])
  return html`<main id="main" tabindex="-1">
<div id="notice" class="notice" role="status" data-kind="${notice?.kind ?? ''}">${notice && html`${icon(notice.kind === 'done' ? 'pass' : 'broken')}<p>${notice.text}</p>`}</div>
<section id="problems" aria-label="Problems">${live('problems')}</section>
<section id="verdict" aria-label="Verdict">${live('verdict')}</section>
<section class="actions" aria-label="Actions">${renderActions(snapshot)}<div id="pace">${live('pace')}</div></section>
${isJudged && html`<section class="page full lesson" aria-label="The lesson" ${scene.lesson === null && 'hidden'}><div id="lesson">${live('lesson')}</div>${renderWeightsForm(live('weights'))}</section>`}
<section class="page full stage-map" aria-label="The way of the books"><div id="topology">${live('topology')}</div>${dotLayer()}<div id="policies">${live('policies')}</div></section>
<section id="versions" class="page wide" aria-label="Versions">${live('versions')}</section>
<section id="outcomes" class="page" aria-label="Outcomes">${live('outcomes')}</section>
<section id="shelf" class="page full" aria-label="The last minutes">${live('shelf')}</section>
${isJudged && html`<section id="funnel" class="page full" aria-label="How sure it is">${live('funnel')}</section>`}
${isJudged && html`<section class="page wide" aria-label="Declared weights"><div id="declared">${live('declared')}</div>${renderDeclareForm(snapshot)}</section>`}
<section id="mesh" class="page ${!isJudged && 'full'}" aria-label="Mesh">${live('mesh')}</section>
${isJudged && html`<section id="promises" class="page full" aria-label="Promises">${live('promises')}</section>`}
<section id="ledger" class="page full" aria-label="Ledger">${live('ledger')}</section>
${isJudged && html`<section id="windows" class="page full" aria-label="Earlier windows">${live('windows')}</section>`}
<section id="totals" aria-label="Totals">${live('totals')}</section>
</main>`
}

function renderFooter(): SafeHtml {
  return html`<footer><p>The same as data: <a href="api/snapshot">snapshot</a>, <a href="api/verdict">verdict</a>, <a href="api/timeline">timeline</a>, <a href="raw">raw counts</a></p></footer>`
}
