import type { Split } from '@bookstore/contract'
import { type PassRange, passRange } from '@bookstore/verdict'

/** What a page draws beside the snapshot. */
export interface Picture {
  /** How many purchases a correct split needs until it passes; null where nothing is declared. */
  readonly goal: PassRange | null
}

/** Before anything is known. */
export const NO_PICTURE: Picture = { goal: null }

/** Gives the goal of a declared split; computed once for each, because it costs some milliseconds. */
export function createGoal(terms: { readonly alpha: number; readonly tolerance: number }) {
  let known: { readonly key: string; readonly goal: PassRange | null } = { key: 'null', goal: null }
  return (declared: Split | null): PassRange | null => {
    const key = JSON.stringify(declared)
    if (known.key !== key) known = { key, goal: declared && passRange({ declared, ...terms }) }
    return known.goal
  }
}
