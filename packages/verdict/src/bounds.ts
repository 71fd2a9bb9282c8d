import { type Split, shareOf } from '@bookstore/contract'

/** Shares from `low` to `high` count as right; beyond 0 and 1 where the tolerance reaches further than shares go. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

/** The declared share ± tolerance, for a version of the split; one that is not declared has a share of 0. */
export function boundsIn(declared: Split | null, tolerance: number): (version: string) => Bounds {
  return version => {
    const share = shareOf(declared ?? {}, version) ?? 0
    return { low: share - tolerance, high: share + tolerance }
  }
}
