import type { Ranges, Split, SplitVerdict } from '@bookstore/contract'
import { createDependence } from './dependence.ts'
import { createFirstOnConnection } from './first-on-connection.ts'
import { dependentVerdict } from './judge-dependent.ts'
import { judgeEvidence, type VerdictOptions } from './judge-evidence.ts'
import { checkedAlpha, checkedTolerance, DEFAULT_ALPHA, DEFAULT_TOLERANCE } from './parameters.ts'
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
  let onConnections = 0

  return {
    observe(version, at, connection) {
      test.observe(version, at)
      dependence.observe(version, connection)
      if (connection === undefined) return
      onConnections += 1
      if (isFirst(connection)) byConnection.observe(version, at)
    },
    verdict(options) {
      const evidence = test.evidence()
      // what must never come needs no independence to be wrong
      const isJudged = !dependence.isFound || evidence.logE === Infinity
      if (isJudged) return judgeEvidence(evidence, options)
      const isKnown = onConnections === test.purchases
      return dependentVerdict(evidence, isKnown ? byConnection.evidence() : undefined, options)
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
}
