// Keeps the page up to date: swaps what changed, sends forms without leaving, and says when what is shown is old.

import { localise, replaceContent, required } from './dom.js'
import { showRequests } from './dots.js'
import { forgetUnreachable, onSubmit } from './forms.js'
import { followSliders } from './sliders.js'
import { followStageKey, showInTab } from './stage.js'
import { openStream } from './stream.js'

const STALE_MS = 5000
const POLLED_STALE_MS = 12_000
const RELOAD_AFTER_MS = 10_000

/** @type {Record<string, string>} */
const shown = {}
const connection = required('connection')
const announcer = required('announcer')
const state = {
  newest: Date.now(),
  tried: Date.now(),
  /** @type {import('./feed.js').FeedMode} */
  mode: 'live',
  hasHeard: false,
  /** @type {string | undefined} */
  title: undefined
}

// a reload of /reset or of a form's answer would do it once more
history.replaceState(null, '', new URL(`./${location.search}`, location.href))
localise(document)
const stream = openStream(
  {
    onData: data => show(JSON.parse(data)),
    onMode(mode) {
      state.mode = mode
      watch()
    }
  },
  document.documentElement.dataset.assets ?? ''
)
setInterval(watch, 1000)
document.addEventListener('submit', onSubmit)
document.addEventListener('input', followSliders)
followStageKey()

// a connection can be dead without any error
function watch() {
  const now = Date.now()
  const age = now - state.newest
  const limit = state.mode === 'polling' ? POLLED_STALE_MS : STALE_MS
  const isStale = state.mode === 'lost' || age > limit
  document.documentElement.toggleAttribute('data-stale', isStale)
  if (isStale) say(`Reconnecting… this is from ${Math.round(age / 1000)} s ago`)
  else if (state.mode === 'polling') say('Too many watch: new every 5 s')
  else if (state.hasHeard) say('Live')
  if (age <= limit || now - state.tried < limit) return
  state.tried = now
  stream.reconnect()
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
function show({ assets, at, status, title, requests, sections }) {
  // not twice in a row: behind one address there may be programs of two versions
  const isOlder = assets !== document.documentElement.dataset.assets
  if (isOlder && !isTyping() && performance.now() > RELOAD_AFTER_MS) {
    location.reload()
    return
  }
  state.newest = Date.now()
  state.hasHeard = true
  if (state.mode === 'lost') state.mode = 'live'
  forgetUnreachable()
  watch()
  if (isOutdated(at)) return
  document.documentElement.dataset.at = at
  // all are looked at before one is changed, so that the browser lays out the page once and not for each;
  // what the stage hides is changed when it is seen again
  const visible = Object.entries(sections).filter(
    ([id, markup]) => shown[id] !== markup && document.getElementById(id)?.checkVisibility()
  )
  for (const [id, markup] of visible) {
    shown[id] = markup
    replaceContent(required(id), markup)
  }
  showInTab(status)
  showRequests(requests)
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
