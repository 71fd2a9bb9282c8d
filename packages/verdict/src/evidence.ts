import type { Split, VersionVerdict } from '@bookstore/contract'
import type { Checkpoint } from './history.ts'
import { intervalContains, intervalWithin, type ShareEvidence, shareInterval } from './interval.ts'

/** One version's purchases. */
export interface Tally {
  readonly version: string
  /** Declared share; 0 for a version the split does not name, null when nothing is declared. */
  readonly declared: number | null
  readonly unknown: boolean
  readonly count: number
}

/** All that a verdict is made of. */
export interface Evidence {
  readonly declared: Split | null
  readonly alpha: number
  readonly tallies: readonly Tally[]
  readonly total: number
  readonly logE: number
  readonly alarmAt: number | null
  /** Whether e passed 1 / alpha at some time. */
  readonly alarmed: boolean
  readonly checkpoints: readonly Checkpoint[]
}

// Without a declared share nothing is known in advance, so the prior leans to neither side.
const UNDECLARED_CENTRE = 0.5

/** The shares and intervals of every version. */
export function describeVersions({ tallies, total, alpha }: Evidence): readonly VersionVerdict[] {
  return tallies.map(tally => ({
    version: tally.version,
    declared: tally.declared,
    count: tally.count,
    share: total === 0 ? 0 : tally.count / total,
    ...shareInterval(shareEvidence(tally, { tallies, total, alpha })),
    unknown: tally.unknown
  }))
}

/**
 * Whether the split passes: every interval lies within the declared share ± tolerance, and every
 * version that was declared above 0 has answered. The second matters for a share below the
 * tolerance, whose interval may be narrow enough before the version was ever seen.
 */
export function passes(tallied: Tallied, tolerance: number): boolean {
  return tallied.tallies.every(tally => {
    const declared = tally.declared ?? 0
    const bounds = { low: declared - tolerance, high: declared + tolerance }
    const seen = declared === 0 || tally.count >= 1
    return seen && intervalWithin(shareEvidence(tally, tallied), bounds)
  })
}

/** Whether the interval of every version contains the share that `shareOf` gives it. */
export function allContain(tallied: Tallied, shareOf: (tally: Tally) => number): boolean {
  return tallied.tallies.every(tally => intervalContains(shareEvidence(tally, tallied), shareOf(tally)))
}

/** The part of the evidence that intervals need. */
export type Tallied = Pick<Evidence, 'tallies' | 'total' | 'alpha'>

/**
 * Intervals hold together: alpha is divided by the number of versions, except that of two versions
 * one interval is the mirror image of the other and no division is needed.
 */
function shareEvidence(tally: Tally, { tallies, total, alpha }: Tallied): ShareEvidence {
  return {
    count: tally.count,
    total,
    centre: tally.declared ?? UNDECLARED_CENTRE,
    alpha: tallies.length <= 2 ? alpha : alpha / tallies.length
  }
}
