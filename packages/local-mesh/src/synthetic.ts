import { statusText } from '@bookstore/common'
import { type Dispatcher, errors } from 'undici'

/** An answer that the mesh gives itself. */
export interface SyntheticAnswer {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Gives a handler the answer of a sidecar: `server: envoy`, and the body in plain text. */
export function answer(
  handler: Dispatcher.DispatchHandler,
  { status, body, headers: own = {} }: SyntheticAnswer
): void {
  const controller = new SyntheticController(handler)
  const bytes = Buffer.from(body)
  const headers = {
    ...own,
    server: 'envoy',
    'content-length': String(bytes.length),
    ...(bytes.length > 0 && { 'content-type': 'text/plain' }),
    date: new Date().toUTCString()
  }
  // fetch reads the raw headers, request the parsed ones.
  controller.rawHeaders = Object.entries(headers)
    .flat()
    .map(text => Buffer.from(text))
  controller.run([
    () => handler.onRequestStart?.(controller, null),
    () => handler.onResponseStart?.(controller, status, headers, statusText(status)),
    ...(bytes.length > 0 ? [() => handler.onResponseData?.(controller, bytes)] : []),
    () => handler.onResponseEnd?.(controller, {})
  ])
}

/** Ends a request as a closed connection does: UND_ERR_SOCKET, `other side closed`. */
export function closeConnection(handler: Dispatcher.DispatchHandler): void {
  fail(handler, new errors.SocketError('other side closed'))
}

/** Ends a request with an error. */
export function fail(handler: Dispatcher.DispatchHandler, error: Error): void {
  const controller = new SyntheticController(handler)
  controller.run([() => handler.onRequestStart?.(controller, null), () => controller.abort(error)])
}

/** Walks through the steps of an exchange without a socket, respecting abort and pause. */
class SyntheticController implements Dispatcher.DispatchController {
  rawHeaders: Buffer[] = []
  rawTrailers: Buffer[] = []
  aborted = false
  paused = false
  reason: Error | null = null
  readonly #handler: Dispatcher.DispatchHandler
  #steps: (() => void)[] = []
  #running = false

  constructor(handler: Dispatcher.DispatchHandler) {
    this.#handler = handler
  }

  abort(reason: Error): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    this.#steps = []
    this.#handler.onResponseError?.(this, reason)
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    this.#proceed()
  }

  run(steps: (() => void)[]): void {
    this.#steps = steps
    // A real exchange never answers within the call that starts it.
    setImmediate(() => this.#proceed())
  }

  #proceed(): void {
    if (this.#running) return
    this.#running = true
    while (!this.paused) {
      const step = this.#steps.shift()
      if (step === undefined) break
      this.#attempt(step)
    }
    this.#running = false
  }

  #attempt(step: () => void): void {
    try {
      step()
    } catch (error) {
      this.abort(error instanceof Error ? error : new Error(String(error)))
    }
  }
}
