import type { DeclaredSource, Split, SplitVerdict } from '@bookstore/contract'
import type { Settled } from './settling.ts'

/** One stretch of judging. It starts with the judge, a reset, or a change of what is declared. Times are ms. */
export interface JudgeWindow {
  /** Counted from 1. */
  readonly id: number
  readonly declared: Split | null
  readonly source: DeclaredSource
  readonly from: number
  /** Null while it is the current one. */
  readonly to: number | null
  readonly verdict: SplitVerdict
  /** The measurement of the change that began it; null when none did. */
  readonly settling: Settled | null
  /** All purchases: judged, settling and late ones. */
  readonly answers: number
  /** Purchases after the settling time on connections opened before its end: not judged. */
  readonly lateOnOldConnections: number
  /** Purchases not judged that only the previous split could have given: old policy, not the new one's fault. */
  readonly staleAnswers: number
}

/** A purchase: its version, when its answer came, its connection, and when that was opened, if known (ms). */
export interface Purchase {
  readonly version: string
  readonly at: number
  readonly connectionOpenedAt?: number | undefined
  readonly connection?: string | undefined
}

/** What a judge is made with. Times are ms. */
export interface JudgeOptions {
  readonly declared?: Split | null | undefined
  readonly source?: DeclaredSource | undefined
  readonly alpha?: number | undefined
  readonly tolerance?: number | undefined
  /** After a change answers are measured and not judged for this long. */
  readonly settleMs?: number | undefined
  /** For how long after settling answers on older connections are left out; Istio drains them for 45 s. */
  readonly drainMs?: number | undefined
  /** Each version's share of all replicas, if known. */
  readonly replicas?: Split | undefined
  readonly now: number
}

/** Keeps the verdict over changes of what is declared. It has no clock: times are passed in. */
export interface Judge {
  /**
   * Takes over a declaration; gives true when it began a window: when it differs from the current one, or from what was
   * in force until now, where that is known to be another.
   */
  declare(declared: Split | null, source: DeclaredSource, now: number, inForceBefore?: Split | null): boolean
  /** Begins a new window with the same declaration. */
  reset(now: number): void
  observe(purchase: Purchase): void
  current(now: number): JudgeWindow
  /** The earlier windows, newest first, at most 50. */
  history(): readonly JudgeWindow[]
}
