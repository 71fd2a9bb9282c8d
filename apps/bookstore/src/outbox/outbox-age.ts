/** How long the oldest sale waits for its restock; memory is bounded however many wait. Times are ms since the epoch. */
export interface OutboxAge {
  /** A sale was made; `sold` is the number of sales ever made. */
  sold(sold: number, at: number): void
  /** So many restocks are settled: acknowledged, or refused for good. Gives when the oldest of them was sold. */
  settled(settled: number): number | undefined
  /** When the oldest sale that waits was made; undefined when none waits. */
  oldest(): number | undefined
}

interface Mark {
  /** Sales up to this number were made at `at` or later. */
  upTo: number
  readonly at: number
}

const STEP_MS = 100
const MOST_MARKS = 1_000

/**
 * Starts with what waits from before, whose time is not known any more: it counts from now on. Sales within 100 ms share
 * a mark. When there are too many marks every second one is merged into the one before and further ones stand twice as
 * far apart, so that an age is never too low.
 */
export function createOutboxAge({ sold, settled, now }: { sold: number; settled: number; now: number }): OutboxAge {
  let marks: Mark[] = sold > settled ? [{ upTo: sold, at: now }] : []
  let stepMs = STEP_MS
  const merge = () => {
    stepMs *= 2
    marks = marks.filter((mark, at) => {
      const before = marks[at - 1]
      if (at % 2 === 0 || before === undefined) return true
      before.upTo = mark.upTo
      return false
    })
  }
  return {
    sold(number, at) {
      const last = marks.at(-1)
      if (last !== undefined && at - last.at < stepMs) {
        last.upTo = Math.max(last.upTo, number)
        return
      }
      if (marks.length >= MOST_MARKS) merge()
      marks.push({ upTo: number, at })
    },
    settled(number) {
      const oldest = marks[0]?.at
      const rest = marks.findIndex(mark => mark.upTo > number)
      marks.splice(0, rest < 0 ? marks.length : rest)
      if (marks.length === 0) stepMs = STEP_MS
      return oldest
    },
    oldest: () => marks[0]?.at
  }
}
