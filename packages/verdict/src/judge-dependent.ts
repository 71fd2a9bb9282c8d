import { about, type Cause, purchases, type SplitVerdict, whole } from '@bookstore/contract'
import { expectedText } from './describe-split.ts'
import type { Evidence } from './evidence.ts'
import { judgeEvidence, type VerdictOptions } from './judge-evidence.ts'

/**
 * The verdict on purchases that depend on each other. Where the connection of each is known, the first purchase of each
 * connection is judged: a choice that does not look at the outcome, and connections do not depend on each other. Where
 * it is not, neither pass nor fail can be said.
 */
export function dependentVerdict(
  all: Evidence,
  byConnection: Evidence | undefined,
  options?: VerdictOptions
): SplitVerdict {
  const cause: Cause = { code: 'dependent', text: explained(byConnection !== undefined) }
  const { declared, total } = all
  if (declared === null) return { ...judgeEvidence(all, options), causes: [cause] }
  if (byConnection === undefined) {
    const reason =
      `cannot judge ${expectedText(all)}: of ${purchases(total)} neighbours are of one version more often than chance gives, ` +
      'so neither pass nor fail can be said; open a connection for each purchase'
    return { ...judgeEvidence(all, options), status: 'pending', reason, missing: null, causes: [cause] }
  }
  const judged = judgeEvidence(byConnection, options)
  const reason = `judged by the first purchase on each of ${whole(byConnection.total)} connections, because a connection keeps to one version: ${judged.reason}`
  return { ...judged, reason, causes: [cause, ...judged.causes] }
}

/**
 * The verdict while a fail or a pass may be one of runs: there are too few purchases to tell a share that strays from a
 * connection that keeps to one version. `more` purchases are likely to tell.
 */
export function unmixedVerdict(evidence: Evidence, more: number, options?: VerdictOptions): SplitVerdict {
  const judged = judgeEvidence(evidence, options)
  const reason =
    `cannot judge ${expectedText(evidence)} yet: in ${purchases(evidence.total)} ` +
    `one version follows itself so often that a connection may keep to it; about ${about(more)} more to tell`
  const cause: Cause = {
    code: 'dependent',
    text: 'perhaps a connection keeps to one version: a balancer of layer 4 under kept connections, or session affinity'
  }
  return { ...judged, status: 'pending', reason, missing: more, causes: [cause] }
}

function explained(isKnown: boolean): string {
  const where = isKnown ? 'on a connection' : 'in the order in which they came'
  return (
    `${where}, purchases keep to one version: a balancer of layer 4 under kept connections, or session affinity. ` +
    'No proxy splits single requests (layer 7)'
  )
}
