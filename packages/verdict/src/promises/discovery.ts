import type { AttemptRecord } from '@bookstore/contract'
import { DEFAULT_ALPHA } from '../parameters.ts'
import { counted, type PromiseVerdict } from './promise-verdict.ts'

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
