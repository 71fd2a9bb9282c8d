import { html, type SafeHtml } from '@bookstore/common'
import type { DeclaredSource, Snapshot } from '@bookstore/contract'
import { lookOf, swatch } from './looks.ts'
import { percent } from './text.ts'

const SOURCE_WORDS: Readonly<Record<DeclaredSource['kind'], string>> = {
  env: 'the environment of this program',
  'local-mesh': 'the policies of the local mesh',
  page: 'this page',
  cluster: 'the cluster',
  cli: 'the command line',
  none: 'nobody'
}

/** The declared weights and who declared them. */
export function renderDeclared({ declared: { split, source } }: Snapshot): SafeHtml {
  if (split === null) {
    return html`<h2>What was declared</h2><p class="quiet">Nothing: no split is known, so none is judged. ${source.detail}</p>`
  }
  return html`<h2>What was declared</h2>
<ul class="weights">${Object.entries(split).map(
    ([version, share]) =>
      html`<li>${swatch(lookOf(version))}<span>${version}</span><strong>${percent(share)}</strong></li>`
  )}</ul>
<p>By ${SOURCE_WORDS[source.kind]}${source.detail !== '' && html`: <span class="detail">${source.detail}</span>`}</p>`
}
