import { Client, DecoratorHandler, type Dispatcher, Pool } from 'undici'

/** Tells connections apart; such as `connection 7`. */
export type NextConnection = () => string

/**
 * A factory for an undici Agent whose answers tell in their `context` which connection carried them (`connectionIn`
 * reads it). undici keeps that to itself: a client of a pool is one connection at a time, so its clients are asked.
 */
export function numberedConnections(next: NextConnection): (origin: string | URL, options: object) => Dispatcher {
  return (origin, options) =>
    new Pool(origin, { ...options, factory: (url, clientOptions) => numberedClient(url, clientOptions, next) })
}

/** The connection that carried an answer; undefined when none did, as with an answer of the local mesh itself. */
export function connectionIn(context: object | null | undefined): string | undefined {
  const found = (context as Partial<Record<typeof CONNECTION, unknown>> | null | undefined)?.[CONNECTION]
  return typeof found === 'string' ? found : undefined
}

const CONNECTION = Symbol('connection')

function numberedClient(origin: URL, options: object, next: NextConnection): Client {
  const client = new Client(origin, options)
  let connection = ''
  client.on('connect', () => {
    connection = next()
  })
  const dispatch = client.dispatch.bind(client)
  client.dispatch = (request, handler) => dispatch(request, new NumberingHandler(handler, () => connection))
  return client
}

class NumberingHandler extends DecoratorHandler {
  readonly #handler: Dispatcher.DispatchHandler
  readonly #connection: () => string

  constructor(handler: Dispatcher.DispatchHandler, connection: () => string) {
    super(handler)
    this.#handler = handler
    this.#connection = connection
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: object): void {
    this.#handler.onRequestStart?.(controller, { ...context, [CONNECTION]: this.#connection() })
  }
}
