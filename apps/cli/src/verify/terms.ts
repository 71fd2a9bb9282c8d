import { type ExpectedAccess, type Ranges, type Snapshot, type Split, sameSplit } from '@bookstore/contract'
import { CommandError } from '../command.ts'

/** What the person asked for; undefined leaves it to the shopper. */
export interface RequestedChecks {
  readonly expect: Split | undefined
  /** The ranges that are expected instead of exact shares, if any. */
  readonly ranges?: Ranges | undefined
  readonly expectAccess: 'allowed' | 'denied' | undefined
  readonly alpha: number | undefined
  /** As a share: 0.05 is 5 points. */
  readonly tolerance: number | undefined
  /** Purchases to ask for at once; 0 for none. */
  readonly burst: number
}

/** What is judged, and by which measure. */
export interface Terms {
  /** null: the split is not judged. */
  readonly split: Split | null
  /** The ranges that are expected instead of exact shares, if any. */
  readonly ranges?: Ranges | undefined
  /** null: access is not judged. */
  readonly access: ExpectedAccess | null
  readonly alpha: number
  readonly tolerance: number
  /** Whether the shopper judges by the same measure, so that its verdict counts too. */
  readonly sameAsShopper: boolean
}

/**
 * The terms of a verification: the requested, completed by what the shopper declares and expects.
 * @throws CommandError when neither of them says what to expect
 */
export function termsOf(requested: RequestedChecks, snapshot: Snapshot): Terms {
  const { verdict } = snapshot
  const alpha = requested.alpha ?? verdict.alpha
  const tolerance = requested.tolerance ?? verdict.tolerance
  const { split, access } = isNamed(requested) ? requestedChecks(requested) : declaredChecks(snapshot)
  const sameSplitAsShopper =
    split === null || (snapshot.declared.split !== null && sameSplit(split, snapshot.declared.split))
  const sameAccess = access === null || access === snapshot.access.expected
  return {
    split,
    ranges: requested.ranges,
    access,
    alpha,
    tolerance,
    sameAsShopper:
      requested.burst === 0 &&
      requested.ranges === undefined &&
      sameSplitAsShopper &&
      sameAccess &&
      alpha === verdict.alpha &&
      tolerance === verdict.tolerance
  }
}

/** Whether the person said what to expect, so that no policy decides it. */
export function isNamed({ expect, expectAccess }: RequestedChecks): boolean {
  return expect !== undefined || expectAccess !== undefined
}

function requestedChecks({ expect, expectAccess }: RequestedChecks): Pick<Terms, 'split' | 'access'> {
  return { split: expect ?? null, access: expectAccess ?? null }
}

// who is to be denied buys nothing, and a split of nothing is not judged
function declaredChecks({ app, access, declared }: Snapshot): Pick<Terms, 'split' | 'access'> {
  if (app === 'bookthief' || access.expected !== 'allowed') return { split: null, access: access.expected }
  if (declared.split !== null) return { split: declared.split, access: access.expected }
  throw new CommandError(
    'no split is declared there; say what to expect with --expect v1=50,v2=50 or --expect-access allowed'
  )
}
