/** Prints a line for each step, with what it took and what was seen. */
export interface Report {
  step(name: string, act: () => Promise<string | undefined>): Promise<void>
  /** Says that a step was not tried, and why: that is not ok. */
  untried(name: string, why: string): void
}

/** A report on standard output; a step that throws ends the run with its message. */
export function createReport(): Report {
  return {
    async step(name, act) {
      const startedAt = performance.now()
      const took = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`.padStart(8)
      try {
        const seen = await act()
        console.log(`ok    ${took()}  ${name}${seen ? `: ${seen}` : ''}`)
      } catch (error) {
        console.log(`FAIL  ${took()}  ${name}: ${(error as Error).message}`)
        throw error
      }
    },
    untried: (name, why) => console.log(`-               ${name}: not tried, because ${why}`)
  }
}
