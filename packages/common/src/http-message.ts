import type { TraceContext } from './tracing/tracing.ts'

/** One answered request. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  readonly elapsedMs: number
  /** No connection that can have carried this answer was opened before this time (ms since the epoch). */
  readonly connectionsSince: number
  /** Which connection of this client carried it, such as `connection 7`; undefined when none did. */
  readonly connection?: string | undefined
}

export interface HttpRequest {
  readonly url: string
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
  /** The span that the request belongs to; only such requests are traced. */
  readonly parent?: TraceContext | undefined
}
