// The stream of live events: reconnects, and looks by itself where the server has no place left for another listener.

const RETRY_MS = 1500
const POLL_MS = 5000

/** @typedef {'live' | 'polling' | 'lost'} FeedMode */

/**
 * Gives every event to `onData` as text, and to `onMode` how it comes: as a stream, by looking every 5 s, or not at all.
 * @param {string} base the address of the events, without query
 * @param {{ onData: (data: string) => void, onMode: (mode: FeedMode) => void }} told
 */
export function createFeed(base, { onData, onMode }) {
  /** @type {EventSource | undefined} */
  let source
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  function connect() {
    stop()
    const opened = new EventSource(`${base}?view=page`)
    source = opened
    opened.addEventListener('live', event => {
      onMode('live')
      onData(event.data)
    })
    opened.addEventListener('error', () => void explain(opened))
  }

  // EventSource tries again by itself after a broken connection, but not after a refusal
  /** @param {EventSource} opened */
  async function explain(opened) {
    if (opened !== source) return
    if (opened.readyState !== EventSource.CLOSED) return onMode('lost')
    const data = await latest()
    if (opened !== source) return
    onMode(data === undefined ? 'lost' : 'polling')
    if (data !== undefined) onData(data)
    timer = setTimeout(connect, data === undefined ? RETRY_MS : POLL_MS)
  }

  async function latest() {
    try {
      const answer = await fetch(`${base}/latest?view=page`)
      return answer.ok ? await answer.text() : undefined
    } catch {
      return undefined // no connection: told as lost
    }
  }

  function stop() {
    clearTimeout(timer)
    source?.close()
    source = undefined
  }
  return { connect, stop }
}
