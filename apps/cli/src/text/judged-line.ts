import type { PolicyStatus, Snapshot } from '@bookstore/contract'

const POLICIES: Readonly<Record<PolicyStatus['kind'], string>> = {
  none: 'no policies in its sight',
  'local-mesh': 'policies of its local mesh',
  cluster: 'policies of the cluster'
}

/** Who was judged, where, and by which policies: `judged: bookbuyer at http://…, policies in /…/.data/policies`. */
export function judgedLine(
  { app, policies }: Pick<Snapshot, 'app'> & { readonly policies: Pick<PolicyStatus, 'kind'> },
  service: { readonly url: string; readonly policyDir?: string | undefined } | undefined
): string {
  const source = service?.policyDir === undefined ? POLICIES[policies.kind] : `policies in ${service.policyDir}`
  return `judged: ${app} at ${service?.url}, ${source}`
}
