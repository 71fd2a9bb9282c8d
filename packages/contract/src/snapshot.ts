import type { AccessVerdict, DeclaredSource, SplitVerdict } from './verdict.ts'

/** Who shops: the buyer expects to buy, the thief expects to be denied. */
export type ShopperRole = 'bookbuyer' | 'bookthief'

/** Purchases and what came instead, since the last reset. */
export interface Counts {
  readonly bought: number
  readonly denied: number
  readonly failed: number
  /** Bought by version, such as `bookstore-v1`; versions beyond a bound are counted together as `other`. */
  readonly byVersion: Readonly<Record<string, number>>
  /** Denials by what they looked like, such as `403` or `connection closed`. */
  readonly byDenial: Readonly<Record<string, number>>
  /** Failures by reason, such as `ECONNREFUSED` or `503`. */
  readonly byFailure: Readonly<Record<string, number>>
}

/** Answer times of purchases in milliseconds. */
export interface Latency {
  readonly p50: number
  readonly p95: number
}

/** One stretch of judging: it starts with the program, a reset, or a change of what is declared. */
export interface JudgedWindow {
  readonly id: number
  /** ISO 8601. */
  readonly from: string
  readonly to: string | null
  readonly declared: Readonly<Record<string, number>> | null
  readonly source: DeclaredSource
  readonly status: 'pass' | 'fail' | 'pending'
  readonly reason: string
  readonly purchases: number
  /** True during the settling time after a change, which is measured and not judged. */
  readonly settling: boolean
  /** In words, such as "converged after 2.8 s"; null where there was no change or it cannot be told. */
  readonly convergence: string | null
  /** Seconds from the change to the first answer under it; null where there was no change or it cannot be told. */
  readonly convergenceSeconds: number | null
  /** Answers on connections opened before the change, counted and not judged. */
  readonly staleAnswers: number
}

/** What the shopper knows of the policies that are in force. */
export interface PolicyStatus {
  /** `none`: no policies can be seen from here. */
  readonly kind: 'none' | 'local-mesh' | 'cluster'
  /** What is in force, a line each, in plain words. */
  readonly inForce: readonly string[]
  readonly lastChange: { readonly at: string; readonly text: string } | null
  /** Broken files, missing rights, an unreachable API: a line each; the last good state stays in force. */
  readonly problems: readonly string[]
  /** Why the policies deny this shopper, in words; null when they allow it or nothing is known. */
  readonly denial: string | null
  /** Tells one content of the policy folder from another: that of the last look, in force or not; null without a folder. */
  readonly revision: string | null
}

/** How a shopper fares now, whatever was judged before. */
export interface Health {
  /** `degraded` overrides a pass; `unknown` before the first attempt. */
  readonly status: 'ok' | 'degraded' | 'unknown'
  /** In words, such as `bookstore-v2 has not answered for 12 s`. */
  readonly reason: string
  /** How many seconds the counts are about. */
  readonly seconds: number
  readonly bought: number
  readonly denied: number
  readonly failed: number
  readonly byVersion: Readonly<Record<string, number>>
  /** Declared versions that have gone silent, and for how long. */
  readonly silent: readonly { readonly version: string; readonly seconds: number }[]
}

/** How sure a fail of the split is. */
export interface Alarm {
  /** The probability with which a correct split ever looks as wrong as this one has, at most. */
  readonly chance: number
  /** Whether that is rare enough for a red page (VERDICT_FAIL_ALPHA). */
  readonly isProven: boolean
  /** Whether all purchases together no longer speak against the declared split. */
  readonly isLeftBehind: boolean
}

/** The proxy that answers pass through, as far as their headers tell. */
export interface MeshSeen {
  readonly mesh: string
  readonly evidence: string
  readonly identityProof: string
}

/** What the stores said of themselves in the headers of their answers. */
export interface LedgerView {
  readonly stores: readonly {
    readonly instance: string
    readonly version: string
    readonly sold: number
    readonly restocked: number
    readonly outbox: number
    readonly boughtHere: number
    /** How it misbehaves on demand; '' while it does not. */
    readonly faults: string
  }[]
  readonly warehouseTotal: number | null
}

/** The one state of a shopper; page, JSON, metrics, CLI and log are views of it. */
export interface Snapshot {
  readonly app: ShopperRole
  readonly identity: string
  /** ISO 8601. */
  readonly at: string
  readonly startedAt: string
  /** In one short sentence, what a person should know; `status` is its colour and icon. */
  readonly headline: {
    readonly status: 'pass' | 'fail' | 'pending' | 'broken'
    readonly title: string
    readonly text: string
  }
  readonly health: Health
  /** Of the window's verdict; null where the split has not failed. */
  readonly alarm: Alarm | null
  readonly counts: Counts
  readonly declared: {
    readonly split: Readonly<Record<string, number>> | null
    readonly source: DeclaredSource
  }
  readonly verdict: SplitVerdict
  readonly access: AccessVerdict & {
    readonly expected: 'allowed' | 'denied' | number
    readonly source: string
    /** Attempts are judged from then on, ISO 8601. */
    readonly since: string
    /** How the attempts since then ended, those on older connections left out. */
    readonly counts: Pick<Counts, 'bought' | 'denied' | 'failed'>
  }
  readonly window: JudgedWindow
  readonly earlierWindows: readonly JudgedWindow[]
  readonly latency: Readonly<Record<string, Latency>>
  readonly policies: PolicyStatus
  readonly mesh: MeshSeen | null
  readonly ledger: LedgerView
  readonly pace: { readonly purchasesPerSecond: number; readonly concurrency: number }
  readonly burst: {
    readonly running: boolean
    readonly done: number
    readonly total: number
  } | null
  /** The newest outcome, in words. */
  readonly lastOutcome: {
    readonly at: string
    readonly kind: 'bought' | 'denied' | 'failed'
    readonly text: string
  } | null
}

/** One second of shopping. */
export interface TimelineBucket {
  /** Start of the second, ms since the epoch. */
  readonly at: number
  readonly byVersion: Readonly<Record<string, number>>
  readonly denied: number
  readonly failed: number
  readonly p50: number | null
  readonly p95: number | null
}
