import type { Split, SplitVerdict, Status } from '@bookstore/contract'
import { likelyCauses } from './causes.ts'
import { splitReason } from './describe-split.ts'
import type { Evidence } from './evidence.ts'
import { estimateMissing } from './missing.ts'
import { describeVersions, passes, stretchPasses } from './sureness.ts'

// Standard deviations; with one, 6 % of 52/48 lose their pass for a while, with two 1.5 %.
const LUCK = 2

/** How to judge what was seen. */
export interface VerdictOptions {
  /** Each version's share of all replicas, if known; else equal ones are supposed. */
  readonly replicas?: Split | undefined
}

/** The verdict that the evidence gives. */
export function judgeEvidence(evidence: Evidence, { replicas }: VerdictOptions = {}): SplitVerdict {
  const status = statusOf(evidence)
  const versions = describeVersions(evidence)
  const missing = status === 'pending' && evidence.declared !== null ? estimateMissing(evidence) : null
  return {
    status,
    reason: splitReason(evidence, { status, missing, versions }),
    purchases: evidence.total,
    alpha: evidence.alpha,
    tolerance: evidence.tolerance,
    logE: evidence.logE,
    alarmAt: evidence.alarmAt,
    missing,
    versions,
    causes: likelyCauses(evidence, { status, replicas })
  }
}

/**
 * The status alone. A pass is held: the intervals hold at all purchases at once, so what one of them has shown stays
 * shown, and only a share that moves can make it untrue. That raises an alarm. An alarm that is about all purchases says
 * that the shares are not exact, and not that they moved: the pass stays unless what came since it lies beyond the bounds
 * by more than luck.
 */
export function statusOf(evidence: Evidence): Status {
  if (evidence.declared === null || evidence.total === 0) return 'pending'
  if (evidence.hasFailed) return 'fail'
  const isSure = evidence.passed !== null || passes(evidence)
  return isSure && (isHeld(evidence) || stretchPasses(evidence)) ? 'pass' : 'pending'
}

function isHeld({ stretch, passed, tallies, total }: Evidence): boolean {
  if (passed === null || stretch === null || stretch.version !== null) return false
  return tallies.every(({ count, bounds }, at) => {
    const since = total - passed.at
    const share = (count - (passed.counts[at] ?? 0)) / since
    const luck = LUCK * Math.sqrt((share * (1 - share)) / since)
    return share >= bounds.low - luck && share <= bounds.high + luck
  })
}
