import { type Ranges, type Split, shareOf } from '@bookstore/contract'

/** Shares from `low` to `high` count as right; beyond 0 and 1 where the tolerance reaches further than shares go. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

/** What counts as right: what was declared, and how near to it. */
export interface Expected {
  readonly declared: Split | null
  readonly tolerance: number
  /** Undefined where the declared shares are meant exactly. */
  readonly ranges?: Ranges | undefined
}

/** The range of a version, or its declared share ± tolerance; one that is not declared has a share of 0. */
export function boundsIn({ declared, tolerance, ranges = {} }: Expected): (version: string) => Bounds {
  return version => {
    const range = Object.hasOwn(ranges, version) ? ranges[version] : undefined
    if (range !== undefined) return range
    const share = shareOf(declared ?? {}, version) ?? 0
    return { low: share - tolerance, high: share + tolerance }
  }
}
