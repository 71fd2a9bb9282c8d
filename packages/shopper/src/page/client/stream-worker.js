// One stream for all tabs of a browser, which opens no more than six connections to a server that speaks HTTP/1.1.

import { createFeed } from './feed.js'

/** @type {Set<MessagePort>} */
const tabs = new Set()
/** @type {{ data?: string, mode?: import('./feed.js').FeedMode }} */
const last = {}
const feed = createFeed('../api/events', {
  onData(data) {
    last.data = data
    tell({ data })
  },
  onMode(mode) {
    if (last.mode === mode) return
    last.mode = mode
    tell({ mode })
  }
})

/** @param {{ data?: string, mode?: string }} news */
function tell(news) {
  for (const tab of tabs) tab.postMessage(news)
}

/** @param {MessageEvent} event */
function welcome({ ports: [tab] }) {
  if (tab === undefined) return
  tab.addEventListener('message', ({ data }) => {
    if (data === 'reconnect') return feed.connect()
    tabs.delete(tab)
    if (tabs.size === 0) feed.stop()
  })
  tab.start()
  tabs.add(tab)
  if (tabs.size === 1) feed.connect()
  else tab.postMessage(last)
}

self.addEventListener('connect', event => welcome(/** @type {MessageEvent} */ (event)))
