/** Attempts per second over the last whole seconds. */
export interface Rate {
  record(at: number): void
  perSecond(now: number): number
}

/** A sliding rate over `seconds` one-second slots. */
export function createRate({ seconds = 5 }: { readonly seconds?: number } = {}): Rate {
  const slots = seconds + 1
  const counts = new Uint32Array(slots)
  const starts = new Float64Array(slots)
  return {
    record(at) {
      const second = Math.floor(at / 1000)
      const slot = second % slots
      if (starts[slot] !== second) {
        starts[slot] = second
        counts[slot] = 0
      }
      counts[slot] = (counts[slot] ?? 0) + 1
    },
    perSecond(now) {
      const current = Math.floor(now / 1000)
      const whole = starts.map((start, slot) =>
        start < current && start >= current - seconds ? (counts[slot] ?? 0) : 0
      )
      return whole.reduce((sum, count) => sum + count, 0) / seconds
    }
  }
}
