import { findChangePoint } from './change-point.ts'
import type { Evidence, Tally } from './evidence.ts'

/** A change of shares in the middle of a window, told by the version that moved most. */
export interface Change {
  readonly version: string
  /** Its share before and after, from 0 to 1. */
  readonly before: number
  readonly after: number
  /** Number of the last purchase before the change, as exact as the history is. */
  readonly purchase: number
  /** Time of that purchase in ms, when it is known. */
  readonly at: number | undefined
}

/** The change that the history shows beyond chance (see findChangePoint), if any. */
export function findChange({ checkpoints, tallies, total, alpha }: Evidence): Change | undefined {
  const found = findChangePoint(
    checkpoints.filter(checkpoint => checkpoint.total < total),
    tallies.map(({ count }) => count),
    alpha
  )
  if (found === undefined) return undefined
  const { counts, total: purchase, at } = found.checkpoint
  const moves = tallies.map((tally, index) => move(tally, counts[index] ?? 0, purchase, total))
  const furthest = moves.reduce((most, next) => (distance(next) > distance(most) + 1e-9 ? next : most))
  return { ...furthest, purchase, at }
}

type Move = Pick<Change, 'version' | 'before' | 'after'>

function move({ version, count }: Tally, countBefore: number, totalBefore: number, total: number): Move {
  return {
    version,
    before: countBefore / totalBefore,
    after: (count - countBefore) / (total - totalBefore)
  }
}

function distance({ before, after }: Move): number {
  return Math.abs(after - before)
}
