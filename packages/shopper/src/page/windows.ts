import { html, type SafeHtml } from '@bookstore/common'
import type { JudgedWindow, Snapshot } from '@bookstore/contract'
import { icon } from './icons.ts'
import { count, sentence, timeOfDay, weightsText } from './text.ts'

const STATUS_WORDS = { pass: 'Passed', fail: 'Failed', pending: 'Not decided' } as const

const SHOWN = 5

/** The windows before the present one, newest first. */
export function renderWindows({ earlierWindows }: Snapshot): SafeHtml {
  if (earlierWindows.length === 0) {
    return html`<h2>Earlier</h2><p class="quiet">Nothing before this. A reset or another declaration begins a new window and keeps this one here.</p>`
  }
  const newestFirst = [...earlierWindows].sort((a, b) => b.id - a.id)
  const older = newestFirst.slice(SHOWN)
  return html`<h2>Earlier</h2><ol class="windows">${newestFirst.slice(0, SHOWN).map(renderWindow)}</ol>
${older.length > 0 && html`<details><summary>${older.length} before that</summary><ol class="windows">${older.map(renderWindow)}</ol></details>`}`
}

function renderWindow(window: JudgedWindow): SafeHtml {
  const notes = [
    window.convergence,
    window.staleAnswers > 0 && `${count(window.staleAnswers, 'answer')} from before the change, not judged`
  ].filter(note => note !== null && note !== false)
  return html`<li class="status-${window.status}"><p class="window-head">${icon(window.status)} <b>${STATUS_WORDS[window.status]}</b> <span>${time(window.from)} to ${window.to !== null && time(window.to)}</span> <span>${count(window.purchases, 'purchase')}</span> <span class="detail">${window.declared === null ? 'nothing declared' : weightsText(window.declared)}</span></p>
<p>${sentence(window.reason)}${notes.map(note => html` <span class="quiet">(${note})</span>`)}</p></li>`
}

function time(at: string): SafeHtml {
  return html`<time datetime="${at}">${timeOfDay(at)}</time>`
}
