/** The purchases per version after `total` purchases, in the order the versions were first known. */
export interface Checkpoint {
  readonly total: number
  readonly counts: readonly number[]
  /** Time of that purchase in ms, when it was given. */
  readonly at: number | undefined
}

/** Cumulative counts in bounded memory: coarse over all purchases, finer over the latest. */
export interface History {
  /** Notes the counts after a purchase; `counts` is copied only when a checkpoint is due. */
  note(total: number, counts: () => readonly number[], at: number | undefined): void
  /** In ascending order of `total`, each total once. */
  checkpoints(): readonly Checkpoint[]
}

// The latest 128 × 32 = 4,096 purchases: what a change after a long correct run shows in.
const RECENT_STRIDE = 32
const MOST_RECENT = 128

/** A history whose coarse part has at most `capacity` checkpoints: each doubling of its stride drops every second. */
export function createHistory({ capacity = 256 }: { readonly capacity?: number } = {}): History {
  let coarse: Checkpoint[] = []
  const recent: Checkpoint[] = []
  let stride = 1

  return {
    note(total, counts, at) {
      const coarseDue = total % stride === 0
      const recentDue = total % RECENT_STRIDE === 0
      if (!coarseDue && !recentDue) return
      const checkpoint = { total, counts: counts(), at }
      if (recentDue) noteRecent(checkpoint)
      if (coarseDue) noteCoarse(checkpoint)
    },
    checkpoints() {
      const merged = new Map([...coarse, ...recent].map(checkpoint => [checkpoint.total, checkpoint]))
      return [...merged.values()].sort((a, b) => a.total - b.total)
    }
  }

  function noteRecent(checkpoint: Checkpoint): void {
    recent.push(checkpoint)
    if (recent.length > MOST_RECENT) recent.shift()
  }

  function noteCoarse(checkpoint: Checkpoint): void {
    coarse.push(checkpoint)
    if (coarse.length < capacity) return
    stride *= 2
    coarse = coarse.filter(({ total }) => total % stride === 0)
  }
}
