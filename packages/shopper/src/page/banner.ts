import { html, type SafeHtml } from '@bookstore/common'
import { roundedUp, type Snapshot, whole } from '@bookstore/contract'
import { icon } from './icons.ts'
import { count, sentence, timeOfDay } from './text.ts'

const STATUS_WORDS = {
  pass: 'Pass',
  fail: 'Fail',
  pending: 'Not yet sure',
  broken: 'Needs attention'
} as const

/** The verdict in words: what a person at the back of the room should read first. */
export function renderBanner(snapshot: Snapshot): SafeHtml {
  const { headline } = snapshot
  return html`<div class="banner status-${headline.status}">
<div class="spine">${icon(headline.status)}<span class="stamp">${STATUS_WORDS[headline.status]}</span></div>
<div class="cover">
<h2 id="verdict-title">${headline.title}</h2>
<p class="lead">${sentence(headline.text)}</p>
${renderLights(snapshot)}
${renderProgress(snapshot)}
${renderCauses(snapshot)}
<p class="facts">${factsOf(snapshot).map(fact => html`<span>${fact}</span> `)}</p>
</div>
</div>`
}

// what was judged and how it fares now are two things: the past must not hide the present
function renderLights(snapshot: Snapshot): SafeHtml {
  const { app, access, verdict, health } = snapshot
  const isSplit = app === 'bookbuyer' && access.expected === 'allowed'
  const judged = isSplit ? verdict.status : access.status
  return html`<p class="lights"><span class="light status-${judged}">${icon(judged)}<span>${isSplit ? 'Split' : 'Access'}: <b>${STATUS_WORDS[judged]}</b></span></span> <span class="light status-${HEALTH_STATUS[health.status]}">${icon(HEALTH_STATUS[health.status])}<span>Now: <b>${health.status === 'degraded' ? health.reason : HEALTH_WORDS[health.status]}</b></span></span></p>`
}

const HEALTH_STATUS = { ok: 'pass', degraded: 'broken', unknown: 'pending' } as const
const HEALTH_WORDS = { ok: 'in order', unknown: 'nothing seen yet' } as const

// only while more purchases settle the question
function renderProgress({ headline, verdict, app }: Snapshot): SafeHtml | null {
  if (app !== 'bookbuyer' || headline.status !== 'pending' || !verdict.missing) return null
  const needed = roundedUp(verdict.purchases + verdict.missing)
  return html`<p class="progress"><progress aria-label="Purchases towards a verdict" max="${needed}" value="${verdict.purchases}"></progress>
<span>${whole(verdict.purchases)} of about ${whole(needed)} purchases</span></p>`
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
