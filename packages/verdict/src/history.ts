/** The purchases per version after `total` purchases, in the order the versions were first known. */
export interface Checkpoint {
  readonly total: number
  readonly counts: readonly number[]
  /** Time of that purchase in ms, when it was given. */
  readonly at: number | undefined
}

/** Cumulative counts in bounded memory: evenly spaced checkpoints that thin out as purchases come. */
export interface History {
  /** Notes the counts after a purchase; `counts` is copied only when a checkpoint is due. */
  note(total: number, counts: () => readonly number[], at: number | undefined): void
  checkpoints(): readonly Checkpoint[]
}

/** A history of at most `capacity` checkpoints; every doubling of the stride drops each second one. */
export function createHistory({ capacity = 256 }: { readonly capacity?: number } = {}): History {
  let checkpoints: Checkpoint[] = []
  let stride = 1

  return {
    note(total, counts, at) {
      if (total % stride !== 0) return
      checkpoints.push({ total, counts: counts(), at })
      if (checkpoints.length < capacity) return
      stride *= 2
      checkpoints = checkpoints.filter(checkpoint => checkpoint.total % stride === 0)
    },
    checkpoints: () => checkpoints
  }
}
