import type { AttemptRecord } from '@bookstore/contract'
import type { Attempt } from './attempt.ts'
import { attemptRecord } from './attempt-record.ts'

/** How far a burst has come. */
export interface BurstProgress {
  readonly running: boolean
  readonly done: number
  readonly total: number
}

/** Buys many books at once, one burst at a time. */
export interface Burst {
  /** Starts buying and resolves when all were tried; undefined when one is running already. */
  start(size: { readonly purchases: number; readonly concurrency: number }): Promise<void> | undefined
  /** Begins no further purchases; those under way end. */
  stop(): void
  progress(): BurstProgress | null
  /** The attempts of the newest burst that have ended, in the order in which they did. */
  attempts(): readonly AttemptRecord[]
}

interface State {
  readonly startedAt: number
  readonly attempts: AttemptRecord[]
  done: number
  started: number
  running: boolean
  total: number
}

/** A burst that buys by `buy` until the signal fires. */
export function createBurst(buy: () => Promise<Attempt>, signal: AbortSignal): Burst {
  let current: State | null = null
  const work = async (state: State) => {
    while (state.started < state.total && !signal.aborted) {
      state.started++
      const sent = performance.now()
      const attempt = await buy()
      state.attempts.push(attemptRecord(attempt, { start: state.startedAt, sent, ended: performance.now() }))
      state.done++
    }
  }
  const run = async (state: State, concurrency: number) => {
    try {
      await Promise.all(Array.from({ length: concurrency }, () => work(state)))
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      state.running = false
    }
  }
  return {
    start({ purchases, concurrency }) {
      if (current?.running) return undefined
      current = { startedAt: performance.now(), attempts: [], done: 0, started: 0, running: true, total: purchases }
      return run(current, Math.min(concurrency, purchases))
    },
    stop() {
      if (current?.running) current.total = current.started
    },
    attempts: () => current?.attempts ?? [],
    progress: () => current && { running: current.running, done: current.done, total: current.total }
  }
}
