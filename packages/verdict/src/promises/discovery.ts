import type { AttemptRecord } from '@bookstore/contract'
import { DEFAULT_ALPHA } from '../parameters.ts'
import { counted, inSeconds, type PromiseVerdict } from './promise-verdict.ts'

/** What was declared and observed of pods that are to be found. */
export interface DiscoveryEvidence {
  /** Pods behind the backend. */
  readonly pods: number
  /** Versions of the stores behind it. */
  readonly versions: readonly string[]
  readonly attempts: readonly AttemptRecord[]
  readonly alpha?: number
}

/**
 * Whether each pod is found. One that is found and shares alike stays without any of n purchases with probability
 * (1 - 1/pods)^n; for all pods together this is at most pods times that (Boole). When a pod is silent and that is below
 * alpha, it is not found.
 */
export function judgeDiscovery(evidence: DiscoveryEvidence): PromiseVerdict {
  const { pods, versions, attempts, alpha = DEFAULT_ALPHA } = evidence
  const sales = attempts.filter(({ outcome, version }) => outcome === 'bought' && versions.includes(version))
  const found = new Set(sales.map(({ instance }) => instance))
  const silent = pods - found.size
  const seen = `${found.size} of ${counted(pods, 'pod')} sold within ${counted(sales.length, 'purchase')}`
  if (silent <= 0) return { status: 'pass', seen, reason: 'each pod that should be there is found' }
  if (pods * (1 - 1 / pods) ** sales.length < alpha) {
    return { status: 'fail', seen, reason: `${counted(silent, 'pod')} got nothing` }
  }
  return { status: 'pending', seen, reason: `${counted(silent, 'pod')} got nothing yet: too few purchases to tell` }
}

/** What was observed of a pod that was not ready for a while. */
export interface WithdrawalEvidence {
  /** From when it said so until its last sale while it did, ms. */
  readonly leftAfterMs: number
  /** From when it was ready again until its first sale; null where none came in the time that was looked at. */
  readonly backAfterMs: number | null
  /** How late each may be: what probes and the mesh's own word need, ms. */
  readonly leaveWithinMs: number
  readonly backWithinMs: number
  /** Pods behind the backend, the one that went included. */
  readonly pods: number
  /** What the backend sold from `leaveWithinMs` on, until the pod was ready again. */
  readonly soldMeanwhile: number
  readonly attempts: readonly AttemptRecord[]
  readonly alpha?: number
}

/**
 * Whether a pod that is not ready soon gets nothing, and soon gets its share again. A sale too late, or none at all, is
 * told without chance. That it got nothing says something only where it would have got something: a pod that is still
 * asked stays without any of n sales with probability (1 - 1/pods)^n, which a pass needs below alpha.
 */
export function judgeWithdrawal(evidence: WithdrawalEvidence): PromiseVerdict {
  const { leftAfterMs, backAfterMs, leaveWithinMs, backWithinMs, pods, soldMeanwhile, attempts } = evidence
  const failed = attempts.filter(({ outcome }) => outcome === 'failed').length
  const back =
    backAfterMs === null ? 'nothing since it was ready again' : `the first ${inSeconds(backAfterMs)} after it`
  const seen = `the last sale of a pod ${inSeconds(leftAfterMs)} after it was not ready, ${back}; ${failed} of ${counted(attempts.length, 'purchase')} failed meanwhile`
  if (leftAfterMs > leaveWithinMs) {
    return { status: 'fail', seen, reason: `it still got purchases after ${inSeconds(leaveWithinMs)}` }
  }
  if (backAfterMs === null || backAfterMs > backWithinMs) {
    return { status: 'fail', seen, reason: `it got nothing for ${inSeconds(backWithinMs)} after it was ready again` }
  }
  if ((1 - 1 / pods) ** soldMeanwhile >= (evidence.alpha ?? DEFAULT_ALPHA)) {
    const few = `only ${soldMeanwhile} were sold while it was away`
    return { status: 'pending', seen, reason: `${few}: that it got none of them says little` }
  }
  return { status: 'pass', seen, reason: 'who is not ready gets nothing, and who is ready again is found' }
}
