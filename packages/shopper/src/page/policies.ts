import { html, type SafeHtml } from '@bookstore/common'
import type { PolicyStatus, Snapshot } from '@bookstore/contract'
import { icon } from './icons.ts'
import { sentence } from './text.ts'

const KIND_WORDS: Readonly<Record<PolicyStatus['kind'], string>> = {
  none: 'No policies can be seen from here.',
  'local-mesh': 'Applied by the local mesh in this program, in the place of a sidecar.',
  cluster: 'Read from the cluster, applied by its mesh.'
}

/** What is wrong with the policies, for the top of the page; nothing when nothing is. */
export function renderProblems({ policies, headline }: Snapshot): SafeHtml {
  // the headline says it where it is the news
  const problems = policies.problems.filter(problem => !headline.text.includes(problem))
  if (problems.length === 0) return html``
  return html`<div class="problems">${icon('broken')}<div><h2>The policies cannot be read as they are</h2>
<ul>${problems.map(problem => html`<li>${sentence(problem)}</li>`)}</ul>
<p>The last good state stays in force.</p></div></div>`
}

/** The policies in force, a line each: the details of the picture above them. */
export function renderPolicies({ policies }: Snapshot): SafeHtml {
  return html`<details class="off-stage"><summary>Policies in force</summary>
${policies.inForce.length > 0 && html`<ul class="plain">${policies.inForce.map(line => html`<li>${line.replaceAll(' -> ', ' → ')}</li>`)}</ul>`}
<p class="quiet">${policies.kind !== 'none' && policies.inForce.length === 0 && 'None: nothing is allowed that needs a policy. '}${KIND_WORDS[policies.kind]}</p></details>`
}

/** The mesh on the way to the stores, and what it proves of identities. */
export function renderMesh({ mesh, identity }: Snapshot): SafeHtml {
  const seen =
    mesh === null
      ? html`<p><b>None seen:</b> the answers carry no sign of a proxy. No proof of identity seen either.</p>`
      : html`<p><b>${mesh.mesh}</b>: ${mesh.evidence}</p><p><b>Identity:</b> ${mesh.identityProof}</p>`
  return html`<h2>The mesh on the way</h2>${seen}<p class="quiet">This shopper calls itself <span class="detail">${identity}</span>.</p>`
}
