/** Gives what ends in any order back in the order in which it began. */
export interface InOrder<T> {
  /** The ticket of something that begins now. */
  begin(): number
  /** Its end, with what came of it; undefined gives nothing. */
  end(ticket: number, value: T | undefined): void
  /** Forgets what began before: its end gives nothing any more. */
  forget(): void
}

/**
 * Purchases that run at the same time end in an order that favours the quicker store: while one store pauses, the
 * answers of the other come in a row, and a test that is watched at every purchase takes that for drift. In the order
 * in which they were sent they are as random as the mesh made them. What is held back is at most what is in flight, for
 * at most the deadline of a request.
 */
export function createInOrder<T>(give: (value: T) => void): InOrder<T> {
  const ended = new Map<number, T | undefined>()
  let begun = 0
  let next = 0
  return {
    begin: () => begun++,
    end(ticket, value) {
      if (ticket < next) return
      ended.set(ticket, value)
      while (ended.has(next)) {
        const ready = ended.get(next)
        ended.delete(next++)
        if (ready !== undefined) give(ready)
      }
    },
    forget() {
      ended.clear()
      next = begun
    }
  }
}
