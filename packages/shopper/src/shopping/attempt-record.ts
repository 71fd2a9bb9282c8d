import { errorCode } from '@bookstore/common'
import { type AttemptRecord, boundedHeader, type EgressRecord, readBooksHeaders } from '@bookstore/contract'
import type { Attempt } from './attempt.ts'

/** What a burst keeps of an attempt; both times are ms of one clock, `start` is that of the burst. */
export function attemptRecord(
  { outcome, answer }: Attempt,
  { start, sent, ended }: { readonly start: number; readonly sent: number; readonly ended: number }
): AttemptRecord {
  const headers = answer?.headers ?? {}
  return {
    at: rounded(sent - start),
    ms: rounded(ended - sent),
    status: answer?.status ?? 0,
    outcome: outcome.kind,
    version: outcome.kind === 'bought' ? outcome.version : (boundedHeader(headers['identity']) ?? ''),
    instance: readBooksHeaders(headers)?.instance ?? '',
    isOverload: headers['x-envoy-overloaded'] !== undefined
  }
}

/** What came of a request outside. */
export function egressRecord({ url, answer, error }: Attempt): EgressRecord {
  const headers = answer?.headers ?? {}
  return {
    url,
    status: answer?.status ?? 0,
    error: error === undefined ? '' : errorCode(error),
    // of what it forwards, Envoy tells the time that the server took (envoyproxy.io, HTTP header manipulation)
    isFromProxy: headers['server'] === 'envoy' && headers['x-envoy-upstream-service-time'] === undefined
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}
