import type { Dispatcher } from 'undici'
import { answer, type SyntheticAnswer } from './synthetic.ts'

/**
 * One request of an application, however many tries it takes: its handler sees one exchange and holds this controller,
 * whose words go to the try that is under way.
 */
export class Exchange implements Dispatcher.DispatchController {
  rawHeaders: NonNullable<Dispatcher.DispatchController['rawHeaders']> = []
  rawTrailers: NonNullable<Dispatcher.DispatchController['rawTrailers']> = []
  aborted = false
  paused = false
  reason: Error | null = null
  /** Whether nothing more may be said to the application. */
  isOver = false
  readonly #handler: Dispatcher.DispatchHandler
  readonly #onOver: () => void
  #current: Dispatcher.DispatchController | null = null
  #isBegun = false
  #isAnswering = false

  constructor(handler: Dispatcher.DispatchHandler, onOver: () => void) {
    this.#handler = handler
    this.#onOver = onOver
  }

  /** A try begins on a connection. */
  attach(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#current = controller
    if (!this.#isBegun) {
      this.#isBegun = true
      this.#handler.onRequestStart?.(this, context)
    }
    if (this.reason !== null) controller.abort(this.reason)
    else if (this.isOver) controller.abort(new Error('the proxy has answered already'))
    else if (this.paused) controller.pause()
  }

  abort(reason: Error): void {
    if (this.isOver) return
    this.aborted = true
    this.reason = reason
    this.#end(reason)
    this.#handler.onResponseError?.(this, reason)
  }

  pause(): void {
    this.paused = true
    this.#current?.pause()
  }

  resume(): void {
    this.paused = false
    this.#current?.resume()
  }

  /** Passes the beginning of an answer on: from now on no further try may answer. */
  start(controller: Dispatcher.DispatchController, status: number, headers: Headers, message?: string): void {
    if (this.isOver) return
    this.#isAnswering = true
    this.rawHeaders = controller.rawHeaders ?? []
    this.#handler.onResponseStart?.(this, status, headers, message)
  }

  data(chunk: Buffer): void {
    if (!this.isOver) this.#handler.onResponseData?.(this, chunk)
  }

  finish(trailers: Headers): void {
    if (this.isOver) return
    this.isOver = true
    this.#onOver()
    this.#handler.onResponseEnd?.(this, trailers)
  }

  /** Ends with an answer of the proxy's own; one that has begun to arrive breaks off instead. */
  reply(synthetic: SyntheticAnswer): void {
    if (this.isOver) return
    if (this.#isAnswering) {
      this.fail(new Error(synthetic.body))
      return
    }
    this.#end(new Error(synthetic.body))
    answer(this.#handler, synthetic)
  }

  /** Ends with an error. */
  fail(error: Error): void {
    if (this.isOver) return
    this.#end(error)
    this.#handler.onResponseError?.(this, error)
  }

  /** Ends without a word of its own; who calls it tells the application. */
  yield(tell: (handler: Dispatcher.DispatchHandler) => void): void {
    if (this.isOver) return
    this.#end(new Error('refused by the proxy'))
    tell(this.#handler)
  }

  #end(reason: Error): void {
    this.isOver = true
    this.#onOver()
    this.#current?.abort(reason)
  }
}

type Headers = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2]
