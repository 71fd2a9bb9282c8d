import type { Server } from 'node:http'

/** Listens where `startApp` says and tells it the port. */
export function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    process.send?.({ listening: { port, metricsPort: 0 } })
  })
}

/** The answer to give, as JSON in ANSWER. */
export interface FixedAnswer {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Reads ANSWER. */
export function readAnswer(): FixedAnswer {
  return JSON.parse(process.env['ANSWER'] ?? '{"headers":{},"body":""}') as FixedAnswer
}
