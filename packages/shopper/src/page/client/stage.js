// The stage for a projector, and the verdict in the tab's title and icon.

const root = document.documentElement
const name = document.title

/** @type {Record<string, { sign: string, colour: string, word: string }>} */
const TABS = {
  pass: { sign: '✓', colour: '#0a6a4d', word: 'Pass' },
  fail: { sign: '✗', colour: '#a83a06', word: 'Fail' },
  pending: { sign: '…', colour: '#2c5878', word: 'Not yet sure' },
  broken: { sign: '!', colour: '#6b3f87', word: 'Needs attention' }
}

/** @param {string} status */
export function showInTab(status) {
  const tab = TABS[status]
  if (tab === undefined || root.dataset.status === status) return
  root.dataset.status = status
  document.title = `${tab.sign} ${tab.word} · ${name}`
  const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${tab.colour}"/><text x="16" y="25" font-size="26" font-family="sans-serif" font-weight="700" text-anchor="middle" fill="#fff">${tab.sign}</text></svg>`
  document.querySelector('link[rel=icon]')?.setAttribute('href', `data:image/svg+xml,${encodeURIComponent(icon)}`)
}

/** Key P goes to the stage and back, Escape leaves it. */
export function followStageKey() {
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || isInField(event.target)) return
    const isStage = root.dataset.view === 'stage'
    if (event.key.toLowerCase() === 'p') setView(isStage ? 'page' : 'stage')
    else if (event.key === 'Escape' && isStage) setView('page')
  })
}

/** @param {'page' | 'stage'} view */
function setView(view) {
  root.dataset.view = view
  history.replaceState(null, '', view === 'stage' ? '?view=stage' : './')
}

/** @param {EventTarget | null} target */
function isInField(target) {
  return target instanceof Element && target.matches('input, textarea, select')
}
