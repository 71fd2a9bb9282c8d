import { findChangePoint } from './change-point.ts'
import type { Change, Evidence } from './evidence.ts'
import type { Checkpoint } from './history.ts'

/** What a change is looked for in. */
export interface Recorded extends Pick<Evidence, 'tallies' | 'total' | 'alpha'> {
  readonly checkpoints: readonly Checkpoint[]
}

/** The change that the history shows beyond chance (see findChangePoint), if any. */
export function findChange({ checkpoints, tallies, total, alpha }: Recorded): Change | undefined {
  const found = findChangePoint(
    checkpoints.filter(checkpoint => checkpoint.total < total),
    tallies.map(({ count }) => count),
    alpha
  )
  if (found === undefined) return undefined
  const { counts, total: purchase, at } = found.checkpoint
  const moves = tallies.map((tally, index) => {
    const count = counts[index] ?? 0
    const moved = Math.abs((tally.count - count) / (total - purchase) - count / purchase)
    return { version: tally.version, count, moved }
  })
  const { version, count } = moves.reduce((most, next) => (next.moved > most.moved + 1e-9 ? next : most))
  return { version, count, purchase, at }
}

/** The share of the version before the change and since, from 0 to 1. */
export function sharesAround(
  { version, count, purchase }: Change,
  { tallies, total }: Pick<Evidence, 'tallies' | 'total'>
): { readonly before: number; readonly after: number } {
  const now = tallies.find(tally => tally.version === version)?.count ?? 0
  return { before: count / purchase, after: (now - count) / (total - purchase) }
}
