/** Whether the split is what was declared, is not, or cannot be said yet. */
export type Status = 'pass' | 'fail' | 'pending'

/** What the data suggest as the reason of a wrong split. */
export type CauseCode =
  | 'replica-ratio'
  | 'one-version'
  | 'silent-version'
  | 'changed'
  | 'dependent'
  | 'declared-elsewhere'
  | 'failures'

/** A likely cause, in words. */
export interface Cause {
  readonly code: CauseCode
  readonly text: string
  /** The version it is about, when it is about one. */
  readonly version?: string
  /** `changed`: the number of the last purchase before the change. */
  readonly purchase?: number
  /** `changed`: when, in ms since the epoch, if purchases were observed with their time. */
  readonly at?: number
}

/** What is known of one version. Shares are from 0 to 1. */
export interface VersionVerdict {
  readonly version: string
  /** Its declared share, 0 when the declared split does not name it, null when nothing is declared. */
  readonly declared: number | null
  readonly count: number
  /** Its share of the purchases so far, 0 before the first. */
  readonly share: number
  /** The time-uniform confidence interval of its true share. */
  readonly low: number
  readonly high: number
  /** True when a split is declared and does not name it. */
  readonly unknown: boolean
}

/** The verdict on a split, with its reason in words. */
export interface SplitVerdict {
  readonly status: Status
  readonly reason: string
  readonly purchases: number
  /** Probability of a false alarm that is accepted, over all time. */
  readonly alpha: number
  /** How far from its declared share a version may be to pass; 0.05 is 5 points. */
  readonly tolerance: number
  /** ln e now; Infinity once an impossible purchase was seen (JSON writes that as null). */
  readonly logE: number
  /**
   * Number of the purchase at which e passed 1 / alpha, counted from 1: the shares are surely not exactly the declared
   * ones. Within the tolerance that is no failure. Null without alarm.
   */
  readonly alarmAt: number | null
  /** Estimated purchases until pass if the split is correct; null unless pending on a declared split. */
  readonly missing: number | null
  readonly versions: readonly VersionVerdict[]
  readonly causes: readonly Cause[]
}

/** Where the declared weights come from, with a detail for a person: the variable, the policy object or the address. */
export interface DeclaredSource {
  readonly kind: 'env' | 'local-mesh' | 'page' | 'cluster' | 'cli' | 'none'
  readonly detail: string
}

/** What a shopper should meet; a number is the one HTTP status expected, 0 for no HTTP answer. */
export type ExpectedAccess = 'allowed' | 'denied' | number

/** The verdict on access, with its reason in words. */
export interface AccessVerdict {
  readonly status: Status
  readonly reason: string
  readonly attempts: number
  /**
   * Above this the share of attempts that end otherwise than expected is not, but with probability alpha; 1 before any
   * evidence.
   */
  readonly upperBound: number
  /** Attempts still missing until pass; null unless pending. */
  readonly missing: number | null
}
