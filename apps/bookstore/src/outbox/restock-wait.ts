/** Sales whose answers wait for their restocks. */
export interface RestockWait {
  /**
   * Resolves when the restock of the `sold`-th sale is settled, when one does not get through, or when the time is up,
   * whichever comes first.
   */
  wait(sold: number): Promise<void>
  /** Says that the first so many sales ever made are settled. */
  settled(count: number): void
  /** Says that restocks do not get through: nobody waits any longer. */
  failed(): void
}

interface Waiter {
  readonly sold: number
  readonly end: () => void
}

/** `waitMs`: longest wait in ms. */
export function createRestockWait({ waitMs }: { readonly waitMs: number }): RestockWait {
  // in the order of the sales
  const waiters = new Set<Waiter>()
  let settled = 0
  const endUpTo = (sold: number) => {
    for (const waiter of waiters) {
      if (waiter.sold > sold) return
      waiter.end()
    }
  }
  return {
    wait(sold) {
      if (sold <= settled) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      const end = () => {
        clearTimeout(timer)
        waiters.delete(waiter)
        resolve()
      }
      const waiter = { sold, end }
      const timer = setTimeout(end, waitMs)
      waiters.add(waiter)
      return promise
    },
    settled(count) {
      settled = count
      endUpTo(count)
    },
    failed: () => endUpTo(Infinity)
  }
}
