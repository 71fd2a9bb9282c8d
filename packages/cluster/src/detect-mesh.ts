/** Headers of an answer: names in lower case. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** The proxy that an answer came through, as far as its headers tell. */
export interface DetectedMesh {
  /** `envoy`: some Envoy, as OSM's and Istio's sidecars are. `none`: nothing tells of a proxy. */
  readonly mesh: 'osm' | 'istio' | 'linkerd' | 'envoy' | 'none'
  /** What told, in words. */
  readonly evidence: string
  /** What proves the identity of the callers, or that nothing does. */
  readonly identityProof: string
}

/**
 * Reads from the headers of an answer which mesh it came through. `expected` is the mesh that was configured: OSM's Envoy says nothing of
 * its own, so an Envoy is only called OSM when it is expected.
 *
 * What is known of them: Envoy sets `server: envoy` and `x-envoy-*`
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers), Istio's sidecar `server: istio-envoy` towards its
 * own application, Linkerd's proxy `l5d-*`. Proof of the caller's identity is only ever told to the server.
 */
export function detectMesh(
  headers: Headers,
  { expected = 'unknown' }: { readonly expected?: string } = {}
): DetectedMesh {
  const server = textOf(headers['server'])
  const linkerd = Object.keys(headers).find(name => name.startsWith('l5d-'))
  const envoy = Object.keys(headers).find(name => name.startsWith('x-envoy-'))
  if (linkerd !== undefined) return detected('linkerd', `the answer has the header ${linkerd}`)
  if (server === 'istio-envoy') return detected('istio', 'the answer says server: istio-envoy')
  if (server === 'envoy' || envoy !== undefined) {
    const evidence = server === 'envoy' ? 'server: envoy' : `the header ${envoy}`
    if (expected === 'osm' || expected === 'istio') {
      return detected(expected, `the answer says ${evidence}, and ${NAMES[expected]} is configured`)
    }
    return detected('envoy', `the answer says ${evidence}`)
  }
  return detected('none', 'no header of the answer tells of a proxy')
}

/**
 * What a server can say of the proof that its caller is who it is: Istio's `x-forwarded-client-cert`
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-client-cert), Linkerd's `l5d-client-id`.
 * OSM sends neither. Null when there is none.
 */
export function identityProofOf(requestHeaders: Headers): string | null {
  const certificate = textOf(requestHeaders['x-forwarded-client-cert'])
  // the last element is from the nearest proxy, the one of the server itself
  const [, uri] = /(?:^|;)URI=([^;,]+)/i.exec(certificate.split(',').at(-1) ?? '') ?? []
  if (uri !== undefined) return `x-forwarded-client-cert: ${uri.replace(/^"|"$/g, '')}`
  const client = textOf(requestHeaders['l5d-client-id'])
  return client === '' ? null : `l5d-client-id: ${client}`
}

const NAMES = { osm: 'OSM', istio: 'Istio' } as const

const PROOFS: Readonly<Record<DetectedMesh['mesh'], string>> = {
  osm: 'none that the applications can see: OSM tells a server nothing of its caller',
  istio: 'the server sees x-forwarded-client-cert',
  linkerd: 'the server sees l5d-client-id',
  envoy: 'unknown: an Envoy may tell the server by x-forwarded-client-cert',
  none: 'none: nothing proves who calls'
}

function detected(mesh: DetectedMesh['mesh'], evidence: string): DetectedMesh {
  return { mesh, evidence, identityProof: PROOFS[mesh] }
}

function textOf(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.join(',') ?? '')
}
