import { errorCode, type HttpAnswer } from '@bookstore/common'
import { type VersionSource, versionOfAnswer } from '@bookstore/contract'
import { errors } from 'undici'

/** What came of one attempt to buy a book. */
export type Outcome =
  | { readonly kind: 'bought'; readonly version: string }
  | { readonly kind: 'denied'; readonly how: string }
  | { readonly kind: 'failed'; readonly why: string }

/**
 * Whether a mesh's proxy stands in the way, as far as it is known; it decides how a closed connection is read.
 * `in-process`: the local mesh, which has no connection of its own.
 */
export type ProxyPresence = 'present' | 'absent' | 'unknown' | 'in-process'

/**
 * Reads an answer. 403 and 401 are denials; so is a 404 that no bookstore wrote (Envoy answers that where no route of
 * the policy matches); any other status that is not 200 is a failure. The version is what the source says, without one
 * the Identity header.
 */
export function outcomeOfAnswer(
  { status, headers, body }: Pick<HttpAnswer, 'status' | 'headers' | 'body'>,
  source?: VersionSource
): Outcome {
  const version = versionOfAnswer({ headers, body }, source)
  if (status === 200) return { kind: 'bought', version: version ?? 'unidentified' }
  if (status === 401 || status === 403) return { kind: 'denied', how: deniedAnswer(status, headers, body) }
  if (status === 404 && version === undefined) return { kind: 'denied', how: '404 from the proxy' }
  return { kind: 'failed', why: failedAnswer(status, headers, body) }
}

/**
 * Reads a request that got no answer. OSM closes the connection of a client it denies, so a closed connection is a
 * denial unless it is known that no proxy stands in the way; everything else is a failure by its error code.
 */
export function outcomeOfError(error: unknown, proxy: ProxyPresence): Outcome {
  const code = errorCode(error)
  const isClosed = code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
  if (isClosed && mayBeDenial(error, proxy)) return { kind: 'denied', how: 'connection closed' }
  if (isClosed) return { kind: 'failed', why: 'connection closed without an answer' }
  return { kind: 'failed', why: FAILURES[code] ?? code }
}

// the local mesh denies where no socket ever was; a socket that closes under it is a store that went away
function mayBeDenial(error: unknown, proxy: ProxyPresence): boolean {
  if (proxy !== 'in-process') return proxy !== 'absent'
  return error instanceof errors.SocketError && !error.socket
}

const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'name service does not answer',
  TIMEOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'answer not complete in time',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable'
}

function deniedAnswer(status: number, headers: HttpAnswer['headers'], body: string): string {
  if (/^RBAC: access denied/.test(body)) return `${status} RBAC: access denied`
  return headers['l5d-proxy-error'] ? `${status} from Linkerd's proxy` : String(status)
}

function failedAnswer(status: number, headers: HttpAnswer['headers'], body: string): string {
  if (status === 503 && /no healthy upstream/.test(body)) return '503 no healthy upstream'
  return headers['identity'] === undefined && headers['server'] === 'envoy'
    ? `${status} from the proxy`
    : String(status)
}
