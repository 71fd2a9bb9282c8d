import type { Bounds, Expected } from './bounds.ts'

/** One version's purchases. */
export interface Tally {
  readonly version: string
  /** Declared share; 0 for a version the split does not name, null when nothing is declared. */
  readonly declared: number | null
  readonly unknown: boolean
  readonly count: number
  /** Which shares count as right. */
  readonly bounds: Bounds
}

/** The purchases in which it shows that the shares are not exactly the declared ones. */
export interface Stretch {
  /** How many purchases came before it; 0 when it is all of them. */
  readonly since: number
  /** The version that drifted; null when all versions are looked at. */
  readonly version: string | null
  /** Purchases of that version before the stretch. */
  readonly before: number
}

/** The purchase at which it was first sure that all shares are within the bounds. */
export interface Passed {
  /** Its number, counted from 1. */
  readonly at: number
  /** The counts then, in the order in which versions were first known. */
  readonly counts: readonly number[]
}

/** All that a verdict is made of. */
export interface Evidence extends Expected {
  readonly alpha: number
  readonly tallies: readonly Tally[]
  readonly total: number
  readonly logE: number
  /** The purchase at which e passed 1 / alpha: the shares are not exactly the declared ones. */
  readonly alarmAt: number | null
  /** Whether it failed: an alarm, and evidence beyond the bounds; or an impossible purchase. It stays. */
  readonly hasFailed: boolean
  /** When all intervals first lay within the bounds. */
  readonly passed: Passed | null
  /** Where the alarm came from; null without one. */
  readonly stretch: Stretch | null
  /** A change of the shares on the way, judged once, when it failed. */
  readonly change: Change | undefined
}

/** The part of the evidence that intervals need. */
export type Tallied = Pick<Evidence, 'tallies' | 'total' | 'alpha'>

/** A change of shares in the middle of a window, told by the version that moved most. */
export interface Change {
  readonly version: string
  /** Its purchases before the change. */
  readonly count: number
  /** Number of the last purchase before the change, as exact as the history is. */
  readonly purchase: number
  /** Time of that purchase in ms, when it is known. */
  readonly at: number | undefined
}
