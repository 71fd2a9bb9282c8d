import { boundedHeader, type MeshSeen, readClientIdentity } from '@bookstore/contract'

type Headers = Readonly<Record<string, string | string[] | undefined>>

const NO_PROOF = 'none: nothing in the answers proves who sent them'

/**
 * Which proxy an answer went through. Istio's gateways say `server: istio-envoy`, sidecars of OSM and Istio `server:
 * envoy` (they differ in nothing else that a client sees); Linkerd's proxy leaves `l5d-` headers. A store that was
 * shown a client certificate tells so in `Bookstore-Client-Identity`, taken from x-forwarded-client-cert or
 * l5d-client-id.
 */
export function detectMesh(headers: Headers): MeshSeen {
  const server = boundedHeader(headers['server'], { maxLength: 40 })
  const identity = readClientIdentity(headers)
  const identityProof = identity ? `the store saw the certificate of ${identity}` : NO_PROOF
  const linkerd = Object.keys(headers).find(name => name.startsWith('l5d-'))
  if (linkerd) return { mesh: 'linkerd', evidence: `header ${linkerd}`, identityProof }
  if (server === 'istio-envoy' || identity?.startsWith('spiffe://')) {
    return {
      mesh: 'istio',
      evidence: identity ? 'a SPIFFE identity' : `server: ${server}`,
      identityProof
    }
  }
  const envoy = Object.keys(headers).find(name => name.startsWith('x-envoy-'))
  if (server === 'envoy' || envoy) {
    return {
      mesh: 'envoy',
      evidence: server === 'envoy' ? 'server: envoy' : `header ${envoy}`,
      identityProof
    }
  }
  return { mesh: 'none', evidence: 'no proxy shows in the answers', identityProof }
}
