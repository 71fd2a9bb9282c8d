// Keeps the page up to date: swaps what changed, sends forms without leaving, and says when what is shown is old.

const RETRY_MS = 1500
const STALE_MS = 5000
const RELOAD_AFTER_MS = 10_000

const shown = {}
const connection = document.getElementById('connection')
const announcer = document.getElementById('announcer')
const notice = document.getElementById('notice')
const state = {
  newest: Date.now(),
  tried: 0,
  isLost: false,
  title: undefined,
  source: undefined,
  noticeTimer: 0
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
  const isClosed = state.source.readyState === EventSource.CLOSED
  if (isClosed && now - state.tried > RETRY_MS) connect()
  else if (age > STALE_MS && now - state.tried > STALE_MS) connect()
}

function say(text) {
  connection.hidden = false
  if (connection.textContent !== text) connection.textContent = text
}

// an event can be made a moment before the page that it comes to
function isOutdated(at) {
  const behind = Date.parse(document.documentElement.dataset.at) - Date.parse(at)
  return behind > 0 && behind < STALE_MS
}

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

// only a change is news; the first verdict is read with the page
function announce(title) {
  if (state.title !== undefined && state.title !== title) {
    announcer.textContent = title.replace(/^\w+: /, '')
  }
  state.title = title
}

function replaceContent(element, markup) {
  const template = document.createElement('template')
  template.innerHTML = markup
  localise(template.content)
  morphChildren(element, template.content)
}

// Changes what differs and keeps the rest, so that focus, selection, open details and transitions stay.
function morphChildren(current, wanted) {
  const old = [...current.childNodes]
  const next = [...wanted.childNodes]
  next.forEach((node, index) => {
    const counterpart = old[index]
    if (!counterpart) current.append(node)
    else if (counterpart.nodeName !== node.nodeName) counterpart.replaceWith(node)
    else morph(counterpart, node)
  })
  for (const surplus of old.slice(next.length)) surplus.remove()
}

function morph(current, wanted) {
  if (current.nodeType !== Node.ELEMENT_NODE) {
    if (current.nodeValue !== wanted.nodeValue) current.nodeValue = wanted.nodeValue
    return
  }
  for (const { name } of [...current.attributes]) {
    const isOpenDetails = name === 'open' && current.nodeName === 'DETAILS'
    if (!wanted.hasAttribute(name) && !isOpenDetails) current.removeAttribute(name)
  }
  for (const { name, value } of wanted.attributes) {
    if (current.getAttribute(name) !== value) current.setAttribute(name, value)
  }
  morphChildren(current, wanted)
}

// the server does not know the time zone of who looks
function localise(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const local = new Date(time.dateTime).toLocaleTimeString()
    if (/UTC$/.test(time.textContent)) time.textContent = local
    if (time.title) time.title = local
  }
}

const REQUESTS = {
  burst: ({ purchases, concurrency }) =>
    send('api/burst', 'POST', {
      purchases: Number(purchases),
      concurrency: Number(concurrency)
    }),
  declare: ({ split }) => send('api/declared', 'PUT', { split }),
  reset: () => fetch('reset')
}

const DONE = {
  burst: 'The burst is on its way.',
  declare: 'Declared. A new chapter begins.',
  reset: 'The counts are zero again. A new chapter begins.'
}

function send(url, method, body) {
  const headers = { 'content-type': 'application/json' }
  return fetch(url, { method, headers, body: JSON.stringify(body) })
}

async function onSubmit(event) {
  const form = event.target
  const action = form.dataset.send
  if (!action) return
  event.preventDefault()
  const button = form.querySelector('button')
  button.setAttribute('aria-busy', 'true')
  try {
    const answer = await REQUESTS[action](Object.fromEntries(new FormData(form)))
    if (!answer.ok) throw new Error(await problemOf(answer))
    tell('done', DONE[action])
  } catch (error) {
    tell('problem', error.message)
  } finally {
    button.removeAttribute('aria-busy')
  }
}

async function problemOf(answer) {
  const body = await answer.json().catch(() => ({}))
  return body.message ?? `the server answered with ${answer.status}`
}

function tell(kind, text) {
  notice.dataset.kind = kind
  const paragraph = document.createElement('p')
  paragraph.textContent = text
  notice.replaceChildren(paragraph)
  clearTimeout(state.noticeTimer)
  if (kind === 'done') state.noticeTimer = setTimeout(() => notice.replaceChildren(), 6000)
}
