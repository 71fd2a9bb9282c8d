import { html, type SafeHtml } from '@bookstore/common'
import { type PromiseStatus, promiseTitle, type Snapshot } from '@bookstore/contract'
import type { Scene } from '../api/page-view.ts'
import type { StandingPromise } from '../promises/promise-board.ts'
import { type IconName, icon } from './icons.ts'
import { promisePicture } from './promise-pictures.ts'
import { sentence, timeOfDay } from './text.ts'

type Seal = { readonly icon: IconName; readonly words: string }

const PROVEN: Readonly<Record<PromiseStatus, Seal>> = {
  pass: { icon: 'pass', words: 'kept' },
  fail: { icon: 'fail', words: 'not kept' },
  pending: { icon: 'pending', words: 'not known yet' },
  'not-declared': { icon: 'denied', words: 'not declared' },
  'not-visible': { icon: 'broken', words: 'cannot be seen from here' }
}

/** What the mesh promises beside split and access, a seal each; it opens to its picture and reason. */
export function renderPromises({ policies }: Snapshot, { promises }: Pick<Scene, 'promises'>): SafeHtml {
  return html`<h2>Promises of the mesh</h2>
<ul class="seals">${promises.map(renderSeal)}</ul>
<p class="quiet">${policies.kind === 'none' ? 'No policies can be seen from here, so nobody knows what is declared. ' : ''}<span class="detail">bookstore prove</span> causes what each is about, and judges it.</p>`
}

function renderSeal(promise: StandingPromise): SafeHtml {
  const { name, declaredBy, proven } = promise
  const seal = sealOf(promise)
  return html`<li class="seal" data-status="${proven?.status ?? (declaredBy === '' ? 'not-declared' : 'declared')}"><details><summary>${icon(seal.icon)}<span><b>${promiseTitle(name)}</b> ${seal.words}</span></summary>
${promisePicture(name)}${factsOf(promise)}</details></li>`
}

function sealOf({ declaredBy, proven }: StandingPromise): Seal {
  if (proven !== null) return PROVEN[proven.status]
  return declaredBy === '' ? PROVEN['not-declared'] : { icon: 'pending', words: 'declared, not yet proven' }
}

function factsOf({ declaredBy, proven }: StandingPromise): SafeHtml {
  if (proven === null) {
    return html`<p>${declaredBy === '' ? 'No policy says anything of it.' : sentence(declaredBy)}</p>`
  }
  const { seen, reason, todo, at } = proven
  const facts = [
    ['Declared', proven.declaredBy],
    ['Seen', seen],
    ['Why', reason],
    ['To do', todo]
  ].filter(([, text]) => text !== '')
  return html`<dl>${facts.map(([term, text]) => html`<dt>${term}</dt><dd>${sentence(text ?? '')}</dd>`)}</dl>
<p class="quiet">Proven <time datetime="${at}">${timeOfDay(at)}</time>.</p>`
}
