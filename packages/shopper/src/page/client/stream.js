// How this tab gets the live events: from the stream that all tabs share, else by one of its own.

import { createFeed } from './feed.js'

/**
 * @param {Parameters<typeof createFeed>[1]} told
 * @param {string} version of the assets, so that tabs of one version share
 * @returns {{ reconnect(): void }}
 */
export function openStream(told, version) {
  if (!('SharedWorker' in window)) return openOwn(told)
  const worker = new SharedWorker(`assets/stream.js?v=${version}`)
  const { port } = worker
  /** @type {ReturnType<typeof openOwn> | undefined} */
  let own
  port.addEventListener('message', ({ data: { data, mode } }) => {
    if (mode !== undefined) told.onMode(mode)
    if (data !== undefined) told.onData(data)
  })
  port.start()
  worker.addEventListener('error', () => {
    own ??= openOwn(told)
  })
  window.addEventListener('pagehide', () => port.postMessage('bye'))
  // a page that comes out of the browser's cache has said good-bye
  window.addEventListener('pageshow', ({ persisted }) => persisted && location.reload())
  return { reconnect: () => (own ? own.reconnect() : port.postMessage('reconnect')) }
}

/** @param {Parameters<typeof createFeed>[1]} told */
function openOwn(told) {
  const feed = createFeed('api/events', told)
  feed.connect()
  return { reconnect: feed.connect }
}
