import type { Ranges, Split, SplitVerdict, Status } from '@bookstore/contract'
import { createDependence } from './dependence.ts'
import type { Evidence } from './evidence.ts'
import { createFirstOnConnection } from './first-on-connection.ts'
import { dependentVerdict, unmixedVerdict } from './judge-dependent.ts'
import { judgeEvidence, statusOf, type VerdictOptions } from './judge-evidence.ts'
import { createMixing } from './mixing.ts'
import { checkedAlpha, checkedTolerance, DEFAULT_ALPHA, DEFAULT_TOLERANCE, doubtLimit } from './parameters.ts'
import { createSplitTest } from './split-test.ts'

/** What a split test is made with. */
export interface SplitMonitorOptions {
  /** The declared split; null counts only and stays pending. */
  readonly declared: Split | null
  /** Probability of a false alarm that is accepted over all time. */
  readonly alpha?: number | undefined
  /** How far a version may be from its declared share to pass; 0.05 is 5 points. */
  readonly tolerance?: number | undefined
  /** The ranges that are expected instead of exact shares, if any; `declared` lies within them. */
  readonly ranges?: Ranges | undefined
}

/** A test that may be looked at after every purchase without losing its error rate. */
export interface SplitMonitor {
  /**
   * Counts a purchase (`v1` means `bookstore-v1`), at a time in ms and on a connection where they are known; constant
   * cost.
   */
  observe(version: string, at?: number, connection?: string): void
  /** What can be said now. */
  verdict(options?: VerdictOptions): SplitVerdict
  /** The status of the verdict alone, which is cheaper. */
  readonly status: Status
  readonly purchases: number
  /** Number of the purchase at which the alarm came, counted from 1, or null. */
  readonly alarmAt: number | null
  /** Whether purchases were found to depend on each other. */
  readonly isDependent: boolean
}

/** Starts a test of the declared split. Throws RangeError for an alpha outside (0, 0.5] or a tolerance outside (0, 1). */
export function createSplitMonitor({
  declared,
  alpha = DEFAULT_ALPHA,
  tolerance = DEFAULT_TOLERANCE,
  ranges
}: SplitMonitorOptions): SplitMonitor {
  const options = {
    declared,
    alpha: checkedAlpha(alpha),
    tolerance: checkedTolerance(tolerance),
    ranges
  }
  const test = createSplitTest(options)
  const byConnection = createSplitTest(options)
  const isFirst = createFirstOnConnection()
  const dependence = createDependence(alpha / 4)
  const mixing = createMixing(declared, doubtLimit(alpha))
  let onConnections = 0
  let isFailTold = false

  return {
    observe(version, at, connection) {
      test.observe(version, at)
      dependence.observe(version, connection)
      mixing.observe(version, connection)
      if (connection !== undefined) {
        onConnections += 1
        if (isFirst(connection)) byConnection.observe(version, at)
      }
      if (!test.hasFailed) return
      const isClear = mixing.isMixed || !mixing.isMany || byConnection.hasFailed
      isFailTold = isClear || (isFailTold && !mixing.isInRuns)
    },
    verdict(options) {
      const evidence = test.evidence()
      if (isDependent(evidence)) return dependentVerdict(evidence, ofConnections(), options)
      return isUnmixed(evidence)
        ? unmixedVerdict(evidence, mixing.missing(), options)
        : judgeEvidence(evidence, options)
    },
    get status() {
      const evidence = test.evidence()
      if (!isDependent(evidence)) return isUnmixed(evidence) ? 'pending' : statusOf(evidence)
      const judged = ofConnections()
      return judged === undefined ? 'pending' : statusOf(judged)
    },
    get purchases() {
      return test.purchases
    },
    get alarmAt() {
      return test.alarmAt
    },
    get isDependent() {
      return dependence.isFound
    }
  }
  function ofConnections(): Evidence | undefined {
    return onConnections === test.purchases ? byConnection.evidence() : undefined
  }

  // what must never come needs no independence to be wrong
  function isDependent({ logE }: Evidence): boolean {
    return dependence.isFound && logE !== Infinity
  }

  /** Whether a fail or a pass may be one of runs, which the test of dependence has not had the time to find. */
  function isUnmixed(evidence: Evidence): boolean {
    if (evidence.declared === null || evidence.logE === Infinity) return false
    if (evidence.hasFailed) return !isFailTold
    if (mixing.isMixed || !mixing.isMany || statusOf(evidence) !== 'pass') return false
    return statusOf(byConnection.evidence()) !== 'pass'
  }
}
