// One dot for each request that the stream tells of: bought ones reach their store, denied ones bounce off the door,
// failed ones die before a store.

const layer = document.getElementById('dots')
const isStill = matchMedia('(prefers-reduced-motion: reduce)')
// each frame has the whole picture painted anew, so more of them cost a viewer more than a page may;
// a little over a quarter of a second, so that the fourth frame is that of the next event
const FRAME_MS = 260
const TRAVEL_MS = 1400
const SPREAD_MS = 1000
const DOOR = 330
const MIDDLE = 118

/**
 * @typedef {import('../../state/request-sample.ts').SeenRequest} SeenRequest
 * @typedef {{ element: Element, start: number, way: number[][], arrived: number }} Dot
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
    dots.add({ element: circle(request), start: now + delay, way: wayOf(request), arrived: Infinity })
  }
  window.clearInterval(timer)
  timer = window.setInterval(step, FRAME_MS)
  step()
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

/**
 * The curves of the picture's edges (`topology.ts`), each by its four points.
 * @param {SeenRequest} request
 */
function wayOf({ kind, version = '' }) {
  const y = document.body.classList.contains('bookthief') ? 196 : 40
  const toDoor = [150, y, 230, y, 250, MIDDLE, DOOR - 14, MIDDLE]
  if (kind === 'denied') return [toDoor, [DOOR - 14, MIDDLE, 290, 130, 250, 160, 220, MIDDLE + 60]]
  const end = kind === 'failed' ? MIDDLE : Number(storeOf(version)?.getAttribute('data-y') ?? MIDDLE)
  const x = kind === 'failed' ? 496 : 516
  return [toDoor, [DOOR - 14, MIDDLE, 420, MIDDLE, 430, end, x, end]]
}

function step() {
  const now = performance.now()
  for (const dot of dots) {
    const part = (now - dot.start) / TRAVEL_MS
    // each is seen at the end of its way for one frame, also where frames come late
    if (now - dot.arrived > FRAME_MS / 2) {
      dot.element.remove()
      dots.delete(dot)
    } else if (part >= 0) {
      place(dot, Math.min(part, 1))
      if (part >= 1) dot.arrived = Math.min(dot.arrived, now)
    }
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
  const leg = Math.min(way.length - 1, Math.floor(part * way.length))
  const t = part * way.length - leg
  const u = 1 - t
  // a cubic Bézier curve
  const along = (/** @type {number} */ axis) => {
    const [a = 0, b = 0, c = 0, d = 0] = [0, 2, 4, 6].map(point => way[leg]?.[point + axis])
    return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d
  }
  element.setAttribute('transform', `translate(${along(0).toFixed(1)} ${along(1).toFixed(1)})`)
  if (element.parentNode === null) layer?.append(element)
}
