import type { EgressRecord } from '@bookstore/contract'
import type { PromiseVerdict } from './promise-verdict.ts'

/** A request outside with what was declared of it. */
export interface JudgedEgress extends EgressRecord {
  readonly isAllowed: boolean
}

/**
 * Whether each request outside ended as declared. What is allowed must be answered by its server; what is refused must
 * have no answer, or the proxy's own 502 (Istio's black hole) or 404 (OSM, where an Egress has the port and not the
 * host). A name that does not resolve says nothing.
 */
export function judgeEgress(requests: readonly JudgedEgress[]): PromiseVerdict {
  const judged = requests.map(request => ({ ...request, end: endOf(request) }))
  const seen = judged.map(({ url, end, status, error }) => `${url} ${end} (${status || error})`).join(', ')
  const wrong = judged.find(({ end, isAllowed }) => end === (isAllowed ? 'refused' : 'reached'))
  if (wrong !== undefined) {
    const { url, isAllowed, end } = wrong
    return { status: 'fail', seen, reason: `${url} is declared ${isAllowed ? 'allowed' : 'refused'} and was ${end}` }
  }
  const unclear = judged.find(({ end }) => end === 'not found')
  if (unclear !== undefined || judged.length === 0) {
    return { status: 'pending', seen, reason: `${unclear?.url ?? 'nothing'} cannot be resolved: nobody was asked` }
  }
  return { status: 'pass', seen, reason: 'each was let out or kept in as declared' }
}

function endOf({ status, error, isFromProxy }: EgressRecord): 'reached' | 'refused' | 'not found' {
  if (/ENOTFOUND|EAI_AGAIN/.test(error)) return 'not found'
  return status === 0 || (isFromProxy && (status === 502 || status === 404)) ? 'refused' : 'reached'
}
