import { createHttpClient, type HttpAnswer, type HttpClient, type HttpRequest } from '@bookstore/common'
import type { DeclaredCell, ProbeReport, ShoppingRecord, Snapshot, TimelineBucket } from '@bookstore/contract'
import { CommandError } from '../command.ts'

/** Asks services of ours; every fault is a CommandError that names the address and says what came. */
export interface ApiClient {
  /** `host` is the name of a server that is asked by its address. */
  snapshot(url: string, host?: string): Promise<Snapshot>
  timeline(url: string, seconds: number): Promise<readonly TimelineBucket[]>
  /** The record on disk, from `since` to `until` in ms since the epoch. */
  record(url: string, range: { readonly since: number; readonly until: number }): Promise<ShoppingRecord>
  /** Starts a burst; false when one is running already. */
  burst(
    url: string,
    size: { readonly purchases: number; readonly concurrency: number },
    host?: string
  ): Promise<boolean>
  /** What the policies say of each pair of the shop. */
  declaredCells(url: string): Promise<readonly DeclaredCell[]>
  /** Has a service try its peers, and gives how each ended. */
  probe(url: string): Promise<ProbeReport>
  /** The JSON object that the path answers with. */
  json(url: string): Promise<Readonly<Record<string, unknown>>>
  /** Sends a request; its answer is 200, or one of the statuses that are fine as well. */
  send(request: HttpRequest, ...fine: number[]): Promise<HttpAnswer>
  close(): Promise<void>
}

export function createApiClient({
  signal,
  timeoutMs = 5_000,
  client = createHttpClient({ timeoutMs, maxBodyBytes: 64 * 1024 * 1024 })
}: {
  readonly signal: AbortSignal
  /** How long an answer may take. */
  readonly timeoutMs?: number
  readonly client?: HttpClient
}): ApiClient {
  const ask = async (request: HttpRequest, ...fine: number[]): Promise<HttpAnswer> => {
    const answer = await client.request({ ...request, signal }).catch(error => {
      if (signal.aborted) throw error
      throw unreachable(request.url, error, timeoutMs)
    })
    if (answer.status !== 200 && !fine.includes(answer.status)) throw refused(request, answer)
    return answer
  }
  const json = async (url: string, host?: string) => jsonObject(url, await ask({ url, headers: named(host) }))
  return {
    json: url => json(url),
    send: ask,
    async snapshot(url, host) {
      const answer = await json(`${url}/api/snapshot`, host)
      if (!('counts' in answer && 'verdict' in answer && 'declared' in answer)) throw notOurs(url)
      return answer as unknown as Snapshot
    },
    async timeline(url, seconds) {
      const { buckets } = await json(`${url}/api/timeline?seconds=${seconds}`)
      if (!Array.isArray(buckets)) throw notOurs(url)
      return buckets as TimelineBucket[]
    },
    async record(url, { since, until }) {
      const record = await json(`${url}/api/record?since=${Math.floor(since)}&until=${Math.floor(until)}`)
      if (!Array.isArray(record['entries'])) throw notOurs(url)
      return record as unknown as ShoppingRecord
    },
    async burst(url, size, host) {
      const answer = await ask(
        {
          url: `${url}/api/burst`,
          method: 'POST',
          headers: { 'content-type': 'application/json', ...named(host) },
          body: JSON.stringify(size)
        },
        202,
        409
      )
      return answer.status !== 409
    },
    async declaredCells(url) {
      const { cells } = await json(`${url}/api/access`)
      if (!Array.isArray(cells)) throw notOurs(url)
      return cells as DeclaredCell[]
    },
    async probe(url) {
      const report = jsonObject(url, await ask({ url: `${url}/api/probe`, method: 'POST' }))
      if (!Array.isArray(report['results'])) throw notOurs(url)
      return report as unknown as ProbeReport
    },
    close: () => client.close()
  }
}

function named(host: string | undefined): Readonly<Record<string, string>> {
  return host === undefined ? {} : { host }
}

function unreachable(url: string, cause: unknown, timeoutMs: number): CommandError {
  const { code, name, message } = cause as NodeJS.ErrnoException
  const why = name === 'TimeoutError' ? `no answer in ${timeoutMs / 1000} s` : (code ?? message)
  return new CommandError(
    `${new URL(url).origin} cannot be reached (${why}); is it running (npm start), or is it elsewhere (see --help)?`,
    { cause }
  )
}

function refused({ url, method = 'GET' }: HttpRequest, { status, body }: HttpAnswer): CommandError {
  // somebody else's server has a page for that
  const said = body.trimStart().startsWith('<') ? 'is a bookstore there?' : body.replace(/\s+/g, ' ').slice(0, 200)
  return new CommandError(`${method} ${url}: expected status 200, got ${status}: ${said}`)
}

function jsonObject(url: string, { body }: HttpAnswer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (cause) {
    throw notOurs(url, cause)
  }
  throw notOurs(url)
}

function notOurs(url: string, cause?: unknown): CommandError {
  return new CommandError(`${url}: expected the answer of a bookstore service, got something else`, { cause })
}
