import type { Split, SplitVerdict, Status } from '@bookstore/contract'
import { likelyCauses } from './causes.ts'
import { findChange } from './change.ts'
import { splitReason } from './describe-split.ts'
import { describeVersions, type Evidence, passes } from './evidence.ts'
import { estimateMissing } from './missing.ts'
import { checkedTolerance, DEFAULT_TOLERANCE } from './parameters.ts'

/** How to judge what was seen. */
export interface VerdictOptions {
  /** How far a version may be from its declared share to pass; 0.05 is 5 points. */
  readonly tolerance?: number | undefined
  /** Each version's share of all replicas, if known; else equal ones are supposed. */
  readonly replicas?: Split | undefined
}

/** The verdict that the evidence gives. Throws RangeError for a tolerance outside (0, 1). */
export function judgeEvidence(
  evidence: Evidence,
  { tolerance = DEFAULT_TOLERANCE, replicas }: VerdictOptions = {}
): SplitVerdict {
  const status = statusOf(evidence, checkedTolerance(tolerance))
  const versions = describeVersions(evidence)
  const missing = status === 'pending' && evidence.declared !== null ? estimateMissing(evidence, tolerance) : null
  const change = status === 'fail' ? findChange(evidence) : undefined
  return {
    status,
    reason: splitReason(evidence, { status, tolerance, missing, versions, change }),
    purchases: evidence.total,
    alpha: evidence.alpha,
    tolerance,
    logE: evidence.logE,
    alarmAt: evidence.alarmAt,
    missing,
    versions,
    causes: likelyCauses(evidence, { status, tolerance, replicas, change })
  }
}

function statusOf(evidence: Evidence, tolerance: number): Status {
  if (evidence.declared === null) return 'pending'
  if (evidence.alarmed) return 'fail'
  return evidence.total > 0 && passes(evidence, tolerance) ? 'pass' : 'pending'
}
