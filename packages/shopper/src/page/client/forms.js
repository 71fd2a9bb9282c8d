// Sends forms without leaving the page, and tells what became of them.

import { required } from './dom.js'
import { restSliders } from './sliders.js'

const UNREACHABLE = 'Not sent: there is no connection. Try again when the page is live.'
const notice = required('notice')
let noticeTimer = 0

/** @typedef {Record<string, FormDataEntryValue>} Fields */
/** @type {Record<string, (fields: Fields) => Promise<Response>>} */
const REQUESTS = {
  burst: ({ purchases, concurrency }) =>
    send('api/burst', 'POST', {
      purchases: Number(purchases),
      concurrency: Number(concurrency)
    }),
  declare: ({ split, ...weights }) => send('api/declared', 'PUT', { split: split ?? weightsOf(weights) }),
  confirm: () => send('api/windows', 'POST', {}),
  undeclare: () => send('api/declared', 'PUT', { split: null }),
  lesson: ({ step, ...weights }) => send('api/lesson', 'POST', step ? { step } : { weights: weightsOf(weights) }),
  reset: () => fetch('reset')
}

/** @param {Fields} fields */
function weightsOf(fields) {
  return Object.entries(fields)
    .map(([name, weight]) => `${name.replace('weight:', '')}=${weight}`)
    .join(',')
}

/** @type {Record<string, string>} */
const DONE = {
  burst: 'The burst is on its way.',
  declare: 'Declared. A new window begins.',
  confirm: 'A fresh window begins, with a burst.',
  undeclare: 'Taken back. A new window begins.',
  reset: 'The counts are zero again. A new window begins.'
}

/**
 * @param {string} url
 * @param {string} method
 * @param {unknown} body
 */
function send(url, method, body) {
  const headers = { 'content-type': 'application/json' }
  return fetch(url, { method, headers, body: JSON.stringify(body) })
}

/** @param {SubmitEvent} event */
export async function onSubmit(event) {
  const form = event.target
  if (!(form instanceof HTMLFormElement)) return
  const { submitter } = event
  const { send: action = '' } = { ...form.dataset, .../** @type {HTMLElement?} */ (submitter)?.dataset }
  const request = REQUESTS[action]
  if (request === undefined) return
  event.preventDefault()
  submitter?.setAttribute('aria-busy', 'true')
  try {
    const answer = await request(Object.fromEntries(new FormData(form, submitter)))
    if (!answer.ok) throw new Error(await problemOf(answer))
    restSliders(form)
    tell(form, 'done', action === 'lesson' ? await lessonText(answer) : (DONE[action] ?? ''))
  } catch (error) {
    tellFault(form, error)
  } finally {
    submitter?.removeAttribute('aria-busy')
  }
}

/** @param {Response} answer */
async function lessonText(answer) {
  const { applied, command, results } = await answer.json()
  return applied ? `Applied: ${results.join(', ')}.` : `Enter this:\n${command}`
}

/**
 * @param {HTMLFormElement} form
 * @param {unknown} error
 */
function tellFault(form, error) {
  // fetch rejects with a TypeError where there is no connection, in words that differ by browser
  if (error instanceof TypeError) {
    tell(form, 'problem', UNREACHABLE)
    return
  }
  tell(form, 'problem', error instanceof Error ? error.message : String(error))
}

/** Takes back what was said of a connection that is there again. */
export function forgetUnreachable() {
  for (const said of document.querySelectorAll('form output, #notice')) {
    if (said.textContent === UNREACHABLE) said.replaceChildren()
  }
}

/** @param {Response} answer */
async function problemOf(answer) {
  const body = await answer.json().catch(() => ({}))
  return body.message ?? `the server answered with ${answer.status}`
}

/**
 * Beside the field where a form has a place for it, else on top of the page.
 *
 * @param {HTMLFormElement} form
 * @param {'done' | 'problem'} kind
 * @param {string} text
 */
function tell(form, kind, text) {
  const said = form.querySelector('output')
  form.querySelector('input')?.setAttribute('aria-invalid', String(kind === 'problem'))
  if (said === null) return tellOnTop(kind, text)
  said.dataset.kind = kind
  said.textContent = text
}

/**
 * @param {'done' | 'problem'} kind
 * @param {string} text
 */
function tellOnTop(kind, text) {
  notice.dataset.kind = kind
  const paragraph = document.createElement('p')
  paragraph.textContent = text
  notice.replaceChildren(paragraph)
  window.clearTimeout(noticeTimer)
  if (kind === 'done') noticeTimer = window.setTimeout(() => notice.replaceChildren(), 6000)
}
