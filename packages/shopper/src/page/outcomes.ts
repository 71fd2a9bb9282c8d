import { html, type SafeHtml } from '@bookstore/common'
import { type Counts, type Snapshot, whole } from '@bookstore/contract'
import { type IconName, icon } from './icons.ts'
import { labelsOf } from './role-labels.ts'
import { ago, sentence, timeOfDay } from './text.ts'

/** What came of the attempts, why they were denied, and what changed last. */
export function renderOutcomes(snapshot: Snapshot): SafeHtml {
  const { counts, app } = snapshot
  const { bought } = labelsOf(app)
  return html`<h2>What came of it</h2>
<dl class="outcomes">
${outcome('bought', bought, counts.bought, {})}
${outcome('denied', 'denied', counts.denied, counts.byDenial)}
${outcome('failed', 'failed', counts.failed, counts.byFailure)}
</dl>
${renderDenial(snapshot)}
${renderLast(snapshot)}`
}

function outcome(
  name: IconName & keyof Counts,
  label: string,
  number: number,
  reasons: Readonly<Record<string, number>>
): SafeHtml {
  const told = Object.entries(reasons).sort(([, a], [, b]) => b - a)
  return html`<div class="outcome ${number === 0 && 'none'}"><dt>${icon(name)}${label}</dt><dd><strong id="${name}">${whole(number)}</strong>${
    told.length > 0 &&
    html`<ul class="reasons">${told.map(([reason, times]) => html`<li>${reason} <b>× ${whole(times)}</b></li>`)}</ul>`
  }</dd></div>`
}

// the headline says it where it is the news
function renderDenial({ policies, headline }: Snapshot): SafeHtml | null {
  return policies.denial === null || headline.text.includes(policies.denial)
    ? null
    : html`<p class="denial"><b>Why denied:</b> ${sentence(policies.denial)}</p>`
}

function renderLast({ policies: { lastChange }, lastOutcome, at }: Snapshot): SafeHtml {
  return html`${lastChange && html`<p class="last"><b>Last change, ${since(lastChange.at, at)}:</b> ${sentence(lastChange.text)}</p>`}${
    lastOutcome &&
    html`<p class="last"><b>Last attempt, ${since(lastOutcome.at, at)}:</b> ${sentence(lastOutcome.text)}</p>`
  }`
}

function since(at: string, now: string): SafeHtml {
  return html`<time datetime="${at}" title="${timeOfDay(at)}">${ago(at, now)}</time>`
}
