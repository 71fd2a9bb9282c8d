import {
  boundedHeader,
  identityOf,
  PROBE_HEADER,
  PROBES,
  type Probe,
  type ProbeReport,
  type ProbeResult
} from '@bookstore/contract'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { errorCode } from './error-code.ts'
import { createHttpClient, type HttpClient, type HttpClientOptions } from './http-client.ts'
import { httpError } from './server-errors.ts'

export interface ProbeOptions {
  /** Name of the workload that this is. */
  readonly source: string
  /** What stands between us and the network, and is closed after each use; nothing without it. */
  readonly open?: (() => ProbeWay | Promise<ProbeWay>) | undefined
  readonly sameOrigin: (request: FastifyRequest) => Promise<void>
}

/** The layers that a probe goes through. */
export interface ProbeWay {
  readonly interceptors: NonNullable<HttpClientOptions['interceptors']>
  close?(): Promise<void> | void
}

/**
 * `POST /api/probe`: tries each peer of a fixed list for real, through whatever stands in the way, and tells how each
 * ended. Takes no target; one at a time.
 */
export function addProbe(
  app: FastifyInstance,
  { source, open = () => ({ interceptors: [] }), sameOrigin }: ProbeOptions
): void {
  let isRunning = false
  app.post('/api/probe', { onRequest: sameOrigin }, async (): Promise<ProbeReport> => {
    if (isRunning) throw httpError(409, 'a probe is running: wait for its end', 'PROBE_RUNNING')
    isRunning = true
    try {
      return { source, results: await tryAll(source, await open()) }
    } finally {
      isRunning = false
    }
  })
}

async function tryAll(source: string, way: ProbeWay): Promise<readonly ProbeResult[]> {
  // an old connection may be answered by an old policy
  const client = createHttpClient({ timeoutMs: 3_000, keepAlive: false, interceptors: way.interceptors })
  try {
    return await Promise.all(PROBES.filter(({ to }) => to !== source).map(probe => tryOut(client, probe)))
  } finally {
    await client.close()
    await way.close?.()
  }
}

async function tryOut(client: HttpClient, { to, request }: Probe): Promise<ProbeResult> {
  const { method, path, origin } = request
  const headers = { ...request.headers, [PROBE_HEADER]: '1' }
  const sent = { url: `${origin}${path}`, method, headers, ...(method === 'POST' && { body: '0' }) }
  try {
    const answer = await client.request(sent)
    const by = identityOf(answer.headers) ?? null
    const detail = by === null ? (boundedHeader(answer.body.slice(0, 200)) ?? '') : ''
    return { to, method, path, status: answer.status, by, detail }
  } catch (error) {
    // whatever went wrong on the way is what was asked for
    return { to, method, path, status: null, by: null, detail: errorCode(error) }
  }
}
