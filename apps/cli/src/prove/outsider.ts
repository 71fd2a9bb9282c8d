import { isIP } from 'node:net'
import { type ConnectionOptions, connect, type PeerCertificate } from 'node:tls'
import { createHttpClient } from '@bookstore/common'
import type { StoreCertificate } from '@bookstore/verdict'

const PATIENCE_MS = 5_000
/** What sidecars of OSM and Istio call their connections: a proxy chooses what to show by it. */
const PROTOCOLS = ['osm', 'istio', 'istio-http/1.1', 'http/1.1']

/** What becomes of a request without TLS at a store that may take nothing else. */
export async function askInPlaintext(url: string, signal: AbortSignal): Promise<'refused' | 'answered'> {
  const client = createHttpClient({ timeoutMs: PATIENCE_MS, keepAlive: false })
  try {
    await client.request({ url: `${url}/books-bought`, signal })
    return 'answered'
  } catch (error) {
    if (signal.aborted) throw error
    return 'refused'
  } finally {
    await client.close()
  }
}

/**
 * The certificate that a store's proxy shows to whoever connects; in TLS 1.3 it does so before it asks for the
 * client's. null where it shows none.
 */
export function certificateOf(url: string, signal: AbortSignal): Promise<StoreCertificate | null> {
  const { hostname, port } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const { promise, resolve } = Promise.withResolvers<StoreCertificate | null>()
  const options: ConnectionOptions = {
    host,
    port: Number(port || 80),
    // a name chooses the certificate, an address may not stand for one (RFC 6066)
    ...(isIP(host) === 0 && { servername: host }),
    ALPNProtocols: PROTOCOLS,
    // it is looked at and not trusted: whose it is, is what we want to know
    rejectUnauthorized: false,
    timeout: PATIENCE_MS
  }
  const socket = connect(options)
  const end = (found: StoreCertificate | null) => {
    resolve(found)
    socket.destroy()
  }
  socket.once('secureConnect', () => end(described(socket.getPeerCertificate())))
  socket.once('error', () => end(null))
  socket.once('timeout', () => end(null))
  signal.addEventListener('abort', () => end(null), { once: true })
  return promise
}

function described({ issuer, subjectaltname = '', valid_to: end }: PeerCertificate): StoreCertificate | null {
  if (issuer === undefined) return null
  const [, trustDomain = ''] = /URI:spiffe:\/\/([^/]+)/.exec(subjectaltname) ?? []
  const parts = Object.entries(issuer).map(([name, value]) => `${name}=${[value].flat().join('+')}`)
  return { issuer: parts.join(', '), trustDomain, validTo: new Date(end).toISOString() }
}
