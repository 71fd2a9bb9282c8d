// Keeps the page up to date: swaps what changed, sends forms without leaving, and says when what is shown is old.

import { localise, replaceContent, required } from './dom.js'
import { onSubmit } from './forms.js'

const RETRY_MS = 1500
const STALE_MS = 5000
const RELOAD_AFTER_MS = 10_000

/** @type {Record<string, string>} */
const shown = {}
const connection = required('connection')
const announcer = required('announcer')
const state = {
  newest: Date.now(),
  tried: 0,
  isLost: false,
  /** @type {string | undefined} */
  title: undefined,
  /** @type {EventSource | undefined} */
  source: undefined
}

// a reload of /reset or of a form's answer would do it once more
history.replaceState(null, '', new URL('./', location.href))
localise(document)
connect()
setInterval(watch, 1000)
document.addEventListener('submit', onSubmit)

function connect() {
  state.source?.close()
  state.tried = Date.now()
  const source = new EventSource('api/events?view=page')
  state.source = source
  source.addEventListener('live', event => {
    if (source === state.source) show(JSON.parse(event.data))
  })
  source.addEventListener('error', () => {
    state.isLost = true
    watch()
  })
}

// EventSource tries again by itself after some errors only, and a connection can be dead without any
function watch() {
  const now = Date.now()
  const age = now - state.newest
  const isStale = state.isLost || age > STALE_MS
  document.documentElement.toggleAttribute('data-stale', isStale)
  say(isStale ? `Reconnecting… this is from ${Math.round(age / 1000)} s ago` : 'Live')
  const isClosed = state.source?.readyState === EventSource.CLOSED
  if (isClosed && now - state.tried > RETRY_MS) connect()
  else if (age > STALE_MS && now - state.tried > STALE_MS) connect()
}

/** @param {string} text */
function say(text) {
  connection.hidden = false
  if (connection.textContent !== text) connection.textContent = text
}

/**
 * An event can be made a moment before the page that it comes to.
 * @param {string} at
 */
function isOutdated(at) {
  const behind = Date.parse(document.documentElement.dataset.at ?? at) - Date.parse(at)
  return behind > 0 && behind < STALE_MS
}

/** @param {import('../sections.ts').LiveView} live */
function show({ assets, at, status, title, sections }) {
  // not twice in a row: behind one address there may be programs of two versions
  const isOlder = assets !== document.documentElement.dataset.assets
  if (isOlder && !isTyping() && performance.now() > RELOAD_AFTER_MS) {
    location.reload()
    return
  }
  state.newest = Date.now()
  state.isLost = false
  watch()
  if (isOutdated(at)) return
  document.documentElement.dataset.at = at
  for (const [id, markup] of Object.entries(sections)) {
    if (shown[id] === markup) continue
    shown[id] = markup
    const element = document.getElementById(id)
    if (element) replaceContent(element, markup)
  }
  announce(`${status}: ${title}`)
}

function isTyping() {
  return document.activeElement instanceof HTMLInputElement
}

/**
 * Only a change is news; the first verdict is read with the page.
 * @param {string} title
 */
function announce(title) {
  if (state.title !== undefined && state.title !== title) {
    announcer.textContent = title.replace(/^\w+: /, '')
  }
  state.title = title
}
