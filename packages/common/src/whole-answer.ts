import type { Dispatcher } from 'undici'

/** An answer with all of its body. */
export interface WholeAnswer {
  readonly status: number
  readonly headers: AnswerHeaders
  /** Decoded as UTF-8, without a byte order mark. */
  readonly body: string
  /** What the layers between us and the network say of the exchange. */
  readonly context: object | null
}

type AnswerHeaders = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2]

/** An answer that is awaited. */
export interface AwaitedAnswer {
  /** To be dispatched with the request. */
  readonly handler: Dispatcher.DispatchHandler
  /** Rejects with undici's errors, or with the reason for which it was given up. */
  readonly answer: Promise<WholeAnswer>
  /** Gives up: the answer rejects at once, and the request ends if it was sent. */
  readonly giveUp: (reason: Error) => void
}

/**
 * Collects a whole answer. undici's `request` makes a stream of each answer, which a program that only wants the text of
 * a short one pays for: a fifth of a purchase.
 */
export function awaitAnswer(): AwaitedAnswer {
  const { promise, resolve, reject } = Promise.withResolvers<WholeAnswer>()
  const collector = new Collector(resolve, reject)
  return { handler: collector, answer: promise, giveUp: reason => collector.giveUp(reason) }
}

class Collector implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: WholeAnswer) => void
  readonly #reject: (error: Error) => void
  #controller: Dispatcher.DispatchController | null = null
  #reason: Error | null = null
  #context: object | null = null
  #status = 0
  #headers: AnswerHeaders = {}
  #chunks: Buffer[] = []

  constructor(resolve: (answer: WholeAnswer) => void, reject: (error: Error) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  giveUp(reason: Error): void {
    this.#reason = reason
    this.#reject(reason)
    this.#controller?.abort(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: object | null): void {
    this.#controller = controller
    this.#context = context
    // given up while it waited for a connection
    if (this.#reason) controller.abort(this.#reason)
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    // the last one is the answer: those below 200 announce it
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    const body = textOf(this.#chunks)
    this.#resolve({ status: this.#status, headers: this.#headers, body, context: this.#context })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error)
  }
}

const BYTE_ORDER_MARK = '\uFEFF'

function textOf(chunks: readonly Buffer[]): string {
  const [first] = chunks
  const text = chunks.length === 1 && first ? first.toString() : Buffer.concat(chunks).toString()
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
}
