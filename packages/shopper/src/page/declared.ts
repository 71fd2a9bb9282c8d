import { html, type SafeHtml } from '@bookstore/common'
import { type DeclaredSource, percent, type Snapshot } from '@bookstore/contract'
import { styleOf, swatch } from './version-styles.ts'

const SOURCE_WORDS: Readonly<Record<DeclaredSource['kind'], string>> = {
  env: 'the environment of this program',
  'local-mesh': 'the policies of the local mesh',
  page: 'this page',
  cluster: 'the cluster',
  cli: 'the command line',
  none: 'nobody'
}

/** The declared weights and who declared them. */
export function renderDeclared({ declared: { split, source }, policies }: Snapshot): SafeHtml {
  if (split === null) {
    return html`<h2>What was declared</h2><p class="quiet">Nothing: no split is known, so none is judged. ${source.detail}</p>`
  }
  return html`<h2>What was declared</h2>
<ul class="weights">${Object.entries(split).map(
    ([version, share]) =>
      html`<li>${swatch(styleOf(version))}<span>${version}</span><strong>${percent(share, 1)}</strong></li>`
  )}</ul>
<p>By ${SOURCE_WORDS[source.kind]}${source.detail !== '' && html`: <span class="detail">${source.detail}</span>`}</p>
${source.kind === 'page' && renderBack(policies)}`
}

// what a person declared covers what the policies say, until it is taken back
function renderBack({ kind }: Snapshot['policies']): SafeHtml {
  const label = kind === 'none' ? 'Take it back' : 'Back to the policies'
  return html`<form class="back" method="post" action="declare" data-send="undeclare"><input type="hidden" name="split" value=""><button class="second">${label}</button></form>`
}
