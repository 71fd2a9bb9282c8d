import type { HttpAnswer, HttpClient, HttpRequest } from '@bookstore/common'
import type { VersionSource } from '@bookstore/contract'
import { type Outcome, outcomeOfAnswer, outcomeOfError, type ProxyPresence } from './outcome.ts'

/** One request with everything that came of it. */
export interface Attempt {
  readonly url: string
  readonly outcome: Outcome
  /** Undefined when no answer came. */
  readonly answer: HttpAnswer | undefined
  readonly error: Error | undefined
  /** When the outcome was known, ms since the epoch. */
  readonly at: number
  /** Its place among the attempts to buy, by when they were sent; undefined for other requests. */
  readonly ticket?: number
}

/** What an attempt needs beside its request. */
export interface AttemptOptions {
  readonly proxy: () => ProxyPresence
  readonly signal: AbortSignal
  /** Where answers name their version; undefined for the bookstore's own Identity header. */
  readonly source?: VersionSource | undefined
}

/** Sends the request and says what came of it; rejects only when `signal` ended it. */
export async function attempt(
  client: HttpClient,
  request: HttpRequest,
  { proxy, signal, source }: AttemptOptions
): Promise<Attempt> {
  const { url } = request
  try {
    const answer = await client.request({ ...request, signal })
    return { url, outcome: outcomeOfAnswer(answer, source), answer, error: undefined, at: Date.now() }
  } catch (thrown) {
    signal.throwIfAborted()
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    return {
      url,
      outcome: outcomeOfError(error, proxy()),
      answer: undefined,
      error,
      at: Date.now()
    }
  }
}
