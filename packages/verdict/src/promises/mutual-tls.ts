import type { PromiseVerdict } from './promise-verdict.ts'

/** The certificate that a store shows to whoever connects. */
export interface StoreCertificate {
  /** Its issuer, such as `O=cluster.local`. */
  readonly issuer: string
  /** The trust domain of its SPIFFE identity; '' where it has none. */
  readonly trustDomain: string
  /** End of its validity, ISO 8601. */
  readonly validTo: string
}

/** What was observed of the connections to a store that takes mutual TLS only. */
export interface MutualTlsEvidence {
  /** What became of a request without any certificate. */
  readonly plaintext: 'refused' | 'answered'
  /** null where none was shown. */
  readonly certificate: StoreCertificate | null
}

/**
 * Passes when a client without a certificate is refused by a proxy that shows its own, fails when it is answered. No
 * chance is in it: one plaintext answer contradicts STRICT. Who shows nothing may be down, and refuses everybody.
 */
export function judgeMutualTls(evidence: MutualTlsEvidence): PromiseVerdict {
  const { plaintext, certificate } = evidence
  const seen = [
    `a request without a certificate was ${plaintext}`,
    ...(certificate === null ? [] : [certificateText(certificate)])
  ].join('; ')
  if (plaintext === 'answered') return { status: 'fail', seen, reason: 'the store takes plaintext' }
  if (certificate === null) {
    return { status: 'pending', seen, reason: 'nobody showed a certificate there: the store may be down' }
  }
  return { status: 'pass', seen, reason: 'plaintext is refused by a proxy that takes TLS' }
}

function certificateText({ issuer, trustDomain, validTo }: StoreCertificate): string {
  const domain = trustDomain === '' ? 'no trust domain' : `trust domain ${trustDomain}`
  return `its certificate is from ${caOf(issuer)} (${issuer}), ${domain}, valid until ${validTo}`
}

/** The authorities that OSM (pkg/certificate/providers) and Istio (security/pkg/pki/ca) make for themselves. */
const OWN_ISSUERS: readonly (readonly [RegExp, string])[] = [
  [/osm-ca\.openservicemesh\.io|Open Service Mesh/, "OSM's own authority"],
  [/O=cluster\.local\b/, "Istio's own authority"]
]

function caOf(issuer: string): string {
  return OWN_ISSUERS.find(([pattern]) => pattern.test(issuer))?.[1] ?? 'an external authority'
}
