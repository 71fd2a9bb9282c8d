import { html, type SafeHtml } from '@bookstore/common'
import { type Alarm, about, formatSplit, roundedUp, type Snapshot, whole } from '@bookstore/contract'
import type { PassRange } from '@bookstore/verdict'
import type { Scene } from '../api/page-view.ts'
import { icon } from './icons.ts'
import { count, sentence, timeOfDay } from './text.ts'

const STATUS_WORDS = {
  pass: 'Pass',
  fail: 'Fail',
  pending: 'Not yet sure',
  broken: 'Needs attention'
} as const

/** The verdict in words: what a person at the back of the room should read first. */
export function renderBanner(snapshot: Snapshot, { picture }: Pick<Scene, 'picture'>): SafeHtml {
  const { headline, declared } = snapshot
  const goal = goalOf(snapshot, picture)
  const sure = goal && `a correct ${formatSplit(declared.split ?? {})} is sure after ${rangeOf(goal)}`
  return html`<div class="banner status-${headline.status}">
<div class="spine">${icon(headline.status)}<span class="stamp">${STATUS_WORDS[headline.status]}</span></div>
<div class="cover">
<h2 id="verdict-title">${headline.title}</h2>
<div class="told"><div>
<p class="lead">${sentence(headline.text)}${sure && html` <span class="goal">${sentence(sure)}</span>`}</p>
${renderLights(snapshot)}
${goal && renderProgress(snapshot.verdict.purchases, goal.most, sure)}
<p class="facts">${factsOf(snapshot).map(fact => html`<span>${fact}</span> `)}</p>
</div>${renderSide(snapshot)}</div>
</div>
</div>`
}

// what was judged and how it fares now are two things: the past must not hide the present
function renderLights(snapshot: Snapshot): SafeHtml {
  const { app, access, verdict, health, alarm } = snapshot
  const split = alarm?.isProven === false ? 'pending' : verdict.status
  const isSplit = app === 'bookbuyer' && access.expected === 'allowed' && access.status !== 'fail'
  const judged = isSplit ? split : access.status
  return html`<p class="lights"><span class="light status-${judged}">${icon(judged)}<span>${isSplit ? 'Split' : 'Access'}: <b>${STATUS_WORDS[judged]}</b></span></span> <span class="light status-${HEALTH_STATUS[health.status]}">${icon(HEALTH_STATUS[health.status])}<span>Now: <b>${health.status === 'degraded' ? health.reason : HEALTH_WORDS[health.status]}</b></span></span></p>`
}

const HEALTH_STATUS = { ok: 'pass', degraded: 'broken', unknown: 'pending' } as const
const HEALTH_WORDS = { ok: 'in order', unknown: 'nothing seen yet' } as const

// only while more purchases settle the question, which a correct split no longer answers once it is surely another one
function goalOf({ headline, verdict, app }: Snapshot, { goal }: Scene['picture']): PassRange | null {
  const isOpen = headline.status === 'pending' && Boolean(verdict.missing) && verdict.alarmAt === null
  return goal && app === 'bookbuyer' && isOpen ? { fewest: goal.fewest, most: roundedUp(goal.most) } : null
}

function renderProgress(purchases: number, most: number, sure: string | null): SafeHtml {
  return html`<p class="progress"><progress aria-label="Purchases towards a verdict" max="${most}" value="${Math.min(most, purchases)}"></progress>
<span>${whole(purchases)} purchases; ${sure}</span></p>`
}

// a class of thirty with five windows each sees what one alone would call impossible
function renderChance({ alarm, headline, verdict }: Snapshot): SafeHtml | null {
  if (alarm === null || !['fail', 'pending'].includes(headline.status)) return null
  return html`<form class="confirm" method="post" action="confirm" data-send="confirm"><button>Confirm with a fresh window</button> <span>${chanceText(alarm, verdict.alpha)}</span></form>`
}

function chanceText({ chance }: Alarm, alpha: number): string {
  if (chance === 0) return 'No chance: one such purchase is enough.'
  const again = Math.min(1, chance * alpha)
  return `Chance alone does this in at most ${oneIn(chance)} windows of a correct split, twice in a row in ${oneIn(again)}.`
}

function oneIn(chance: number): string {
  return chance < 1e-9 ? '1 of a billion' : `1 of ${whole(Math.floor(1 / chance))}`
}

// beside the verdict, so that it moves nothing when it comes
function renderSide(snapshot: Snapshot): SafeHtml | null {
  const parts = [renderCauses(snapshot), renderChance(snapshot)].filter(part => part !== null)
  return parts.length === 0 ? null : html`<div>${parts}</div>`
}

function renderCauses({ verdict, headline }: Snapshot): SafeHtml | null {
  if (headline.status === 'pass' || verdict.causes.length === 0) return null
  return html`<div class="causes"><h3>${isKnown(verdict) ? 'The reason' : 'Likely causes'}</h3><ul>${verdict.causes.map(({ text }) => html`<li>${sentence(text)}</li>`)}</ul></div>`
}

function isKnown({ causes }: Snapshot['verdict']): boolean {
  return causes[0]?.code === 'declared-elsewhere'
}

function factsOf(snapshot: Snapshot): readonly (SafeHtml | string)[] {
  const { app, window, access } = snapshot
  const isBuyer = app === 'bookbuyer'
  const start = isBuyer && access.expected === 'allowed' ? window.from : access.since
  const from = html`judged since <time datetime="${start}">${timeOfDay(start)}</time>`
  return [
    from,
    isBuyer && access.expected === 'allowed' ? count(window.purchases, 'purchase') : count(access.attempts, 'attempt'),
    (!isBuyer || access.expected !== 'allowed') && `expected to be ${expectedText(access.expected)}`,
    ...(isBuyer && access.expected === 'allowed' ? splitFacts(snapshot) : [])
  ].filter(fact => fact !== false && fact !== null)
}

function splitFacts({ window, verdict }: Snapshot): readonly (string | false | null)[] {
  return [
    window.declared !== null && `pass within ± ${Number((verdict.tolerance * 100).toFixed(2))} points`,
    window.settling && 'settling after the change: measured, not judged',
    window.convergence,
    window.staleAnswers > 0 &&
      `${count(window.staleAnswers, 'answer')} on connections from before the change, not judged`
  ]
}

function expectedText(expected: Snapshot['access']['expected']): string {
  return typeof expected === 'number' ? `answered with ${expected}` : expected
}

function rangeOf({ fewest, most }: { readonly fewest: number; readonly most: number }): string {
  return about(fewest) === about(most) ? about(most) : `${about(fewest)} to ${about(most)}`
}
