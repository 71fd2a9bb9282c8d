import { pause } from '@bookstore/common'
import type { Attempt } from './attempt.ts'

/** What happens in one iteration, in order. */
export interface Iteration {
  readonly number: number
  /** Whether this one is past the allowed number of iterations. */
  readonly isOverBudget: boolean
  readonly attempts: readonly Attempt[]
}

export interface LoopOptions {
  /** Milliseconds between the starts of two iterations of one worker; 0 for no pause. */
  readonly paceMs: number
  readonly concurrency: number
  /** 0 for unlimited. */
  readonly maxIterations: number
  /** One visit to the store; `number` counts over all workers from 1. */
  readonly visit: (number: number) => Promise<readonly Attempt[]>
  readonly onIteration: (iteration: Iteration) => void
  readonly signal: AbortSignal
}

/** Shops until the signal fires, in `concurrency` workers; resolves when all of them have stopped. */
export async function shop(options: LoopOptions): Promise<void> {
  let last = 0
  const next = () => ++last
  const workers = Array.from({ length: options.concurrency }, () => work(next, options))
  await Promise.all(workers)
}

async function work(next: () => number, options: LoopOptions): Promise<void> {
  const { paceMs, maxIterations, visit, onIteration, signal } = options
  let due = performance.now()
  while (!signal.aborted) {
    const number = next()
    try {
      const attempts = await visit(number)
      onIteration({ number, isOverBudget: maxIterations > 0 && number > maxIterations, attempts })
      due = Math.max(due + paceMs, performance.now() - paceMs)
      await pause(Math.max(0, due - performance.now()), signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}
