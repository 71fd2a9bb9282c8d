// One dot for each request that the stream tells of: bought ones reach their store, denied ones bounce off the door,
// failed ones die before a store.

const layer = document.getElementById('dots')
const isStill = matchMedia('(prefers-reduced-motion: reduce)')
// fluent enough, and a third of the work of every frame
const FRAME_MS = 40
const TRAVEL_MS = 1400
const SPREAD_MS = 1000
const DOOR = 330
const MIDDLE = 118

/**
 * @typedef {import('../../state/request-sample.ts').SeenRequest} SeenRequest
 * @typedef {{ element: Element, start: number, way: number[][] }} Dot
 */
/** @type {Set<Dot>} */
const dots = new Set()
let newest = 0
let timer = 0

/** @param {readonly SeenRequest[]} requests */
export function showRequests(requests) {
  // by time, because a program that was started anew counts from one
  const fresh = requests.filter(({ at }) => at > newest)
  const last = fresh.at(-1)
  const isFirst = newest === 0
  if (last === undefined || layer === null) return
  newest = last.at
  if (isFirst || isStill.matches || document.hidden) return
  const now = performance.now()
  for (const request of fresh) {
    const delay = Math.max(0, SPREAD_MS - (last.at - request.at))
    dots.add({ element: circle(request), start: now + delay, way: wayOf(request) })
  }
  if (timer === 0) timer = window.setInterval(step, FRAME_MS)
}

/** @param {SeenRequest} request */
function circle({ kind, version = '' }) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'circle')
  const look = storeOf(version)?.querySelector('rect[class^=look]')?.getAttribute('class')
  element.setAttribute('class', `dot ${kind === 'bought' ? (look ?? 'look-other') : `look-${kind}`}`)
  element.setAttribute('r', kind === 'bought' ? '10' : '11')
  return element
}

/** @param {string} version */
function storeOf(version) {
  return document.querySelector(`.topology [data-version="${CSS.escape(version)}"]`)
}

/** @param {SeenRequest} request */
function wayOf({ kind, version = '' }) {
  const y = document.body.classList.contains('bookthief') ? 196 : 40
  const start = [150, y]
  if (kind === 'denied') return [start, [DOOR - 16, MIDDLE], [220, MIDDLE + 60]]
  if (kind === 'failed') return [start, [DOOR, MIDDLE], [496, MIDDLE]]
  const end = Number(storeOf(version)?.getAttribute('data-y') ?? MIDDLE)
  return [start, [DOOR, MIDDLE], [520, end]]
}

function step() {
  const now = performance.now()
  for (const dot of dots) {
    const part = (now - dot.start) / TRAVEL_MS
    if (part >= 1) {
      dot.element.remove()
      dots.delete(dot)
    } else if (part >= 0) place(dot, part)
  }
  if (dots.size > 0) return
  window.clearInterval(timer)
  timer = 0
}

/**
 * @param {Dot} dot
 * @param {number} part of its way, from 0 to 1
 */
function place({ element, way }, part) {
  const leg = Math.min(way.length - 2, Math.floor(part * (way.length - 1)))
  const within = part * (way.length - 1) - leg
  const [from = [], to = []] = [way[leg], way[leg + 1]]
  const along = (/** @type {number} */ axis) => (from[axis] ?? 0) + ((to[axis] ?? 0) - (from[axis] ?? 0)) * within
  element.setAttribute('transform', `translate(${along(0).toFixed(1)} ${along(1).toFixed(1)})`)
  if (element.parentNode === null) layer?.append(element)
}
