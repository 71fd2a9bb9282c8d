import { html, type SafeHtml } from '@bookstore/common'
import type { Snapshot } from '@bookstore/contract'
import type { Scene } from '../api/page-view.ts'
import type { LessonView } from '../lesson/lesson.ts'
import type { Difference } from '../state/difference.ts'
import { icon } from './icons.ts'
import { sentence, timeOfDay } from './text.ts'

const VERSIONS = ['bookstore-v1', 'bookstore-v2'] as const

/** The steps of the course, those that are in force, and what the last change changed. Nothing without a course. */
export function renderLesson(_snapshot: Snapshot, { lesson }: Pick<Scene, 'lesson'>): SafeHtml {
  if (lesson === null) return html``
  return html`<h2>The lesson</h2>
<ol class="steps">${lesson.steps.map(step => renderStep(step, lesson))}</ol>
${renderDifference(lesson)}`
}

function renderStep({ id, title, command, isInForce }: LessonView['steps'][number], { hand }: LessonView): SafeHtml {
  const state = isInForce ? html`${icon('pass')} <span class="in-force">in force</span>` : html``
  if (hand === 'here') {
    return html`<li class="${isInForce && 'held'}"><form method="post" action="lesson" data-send="lesson"><button class="second" name="step" value="${id}" title="${command}">${title}</button>${state}</form></li>`
  }
  const waits = isInForce ? state : html`<span class="quiet">not seen in force</span>`
  return html`<li class="${isInForce && 'held'}"><details><summary>${title}</summary><pre class="command">${command}</pre></details>${waits}</li>`
}

function renderDifference({ difference, hand }: LessonView): SafeHtml {
  if (difference === null) {
    const how = hand === 'here' ? 'A step applies a file of deploy/policies.' : 'A step shows the command to enter.'
    return html`<p class="quiet">${how} What it changes stands here, whoever applies it.</p>`
  }
  return html`<div class="difference"><h3>What changed at <time datetime="${difference.at}">${timeOfDay(difference.at)}</time></h3>
<ul class="diff">${linesOf(difference)}</ul>
<p class="quiet">${sentence(difference.text)}</p></div>`
}

function linesOf({ removed, added }: Difference): readonly SafeHtml[] | SafeHtml {
  if (removed.length + added.length === 0) return html`<li>Nothing that this shop would notice.</li>`
  const line = (kind: 'removed' | 'added', sign: string) => (text: string) =>
    html`<li class="${kind}"><span aria-hidden="true">${sign}</span> <span class="visually-hidden">${kind}: </span>${text.replaceAll(' -> ', ' → ')}</li>`
  return [...removed.map(line('removed', '−')), ...added.map(line('added', '+'))]
}

/** The weights as they are declared; what somebody has moved stays as it is. Nothing without a course. */
export function renderWeights({ declared }: Snapshot, { lesson }: Pick<Scene, 'lesson'>): SafeHtml {
  if (lesson === null) return html``
  return html`<legend>Weights</legend>${VERSIONS.map((version, index) => {
    const weight = Math.round((declared.split?.[version] ?? 1 - index) * 100)
    return html`<p class="slider"><label for="weight-${index}">${version}</label> <input type="range" min="0" max="100" value="${weight}" aria-label="${version}, as a slider" data-for="weight-${index}"><input id="weight-${index}" name="weight:${version}" type="number" inputmode="numeric" min="0" max="100" value="${weight}" required></p>`
  })}`
}

/** The form around the weights, to apply them to the mesh or only to expect them. */
export function renderWeightsForm(weights: SafeHtml): SafeHtml {
  return html`<form class="weights-form" method="post" action="lesson" data-send="lesson"><fieldset id="weights">${weights}</fieldset>
<p class="row"><button>Apply to the mesh</button><button class="second" formaction="declare" data-send="declare">Only expect</button></p>
<output class="said" for="weight-0 weight-1"></output></form>`
}
