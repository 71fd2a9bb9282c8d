import { isIP } from 'node:net'
import type { Account } from '@bookstore/contract'
import { type DeclaredEgress, declaredEgress, type Mesh } from '@bookstore/policy'

/** What becomes of a request to an origin that is no Service of the mesh; null lets it pass. */
export function egressRefusal(
  mesh: Mesh,
  source: Account,
  origin: URL
): Extract<DeclaredEgress, { allowed: false }> | null {
  const host = origin.hostname.replace(/^\[|\]$/g, '')
  // a sidecar does not see what stays within the pod
  if (isIP(host) !== 0 && (host.startsWith('127.') || host === '::1')) return null
  const port = Number(origin.port || (origin.protocol === 'https:' ? 443 : 80))
  const declared = declaredEgress(mesh, { source, host, port })
  return declared?.allowed === false ? declared : null
}
