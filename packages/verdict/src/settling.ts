import { formatSplit, type Split, seconds, shareOf } from '@bookstore/contract'

/** What was measured in the settling time after a change of what is declared. Times are ms. */
export interface Settled {
  /** `unclear`: too few answers, or splits too much alike, to tell. */
  readonly state: 'settling' | 'converged' | 'not-converged' | 'unclear'
  readonly changedAt: number
  readonly until: number
  /** From the change to the first answer under the new split; null unless converged. */
  readonly convergedAfterMs: number | null
  readonly answers: number
  /** Such as "converged after 2.8 s". */
  readonly text: string
}

/** The measurement of one settling time; constant cost and memory. */
export interface Settling {
  readonly changedAt: number
  readonly until: number
  /** Whether only the previous split could have given this version. */
  fitsOnlyPrevious(version: string): boolean
  observe(version: string, at: number): void
  measured(now: number): Settled
}

/** What a settling time lies between. */
export interface SettlingOptions {
  /** What was in force before: the declared split, else the observed shares; null when unknown. */
  readonly previous: Split | null
  readonly declared: Split
  readonly changedAt: number
  readonly settleMs: number
  readonly alpha: number
}

// Stands in for a declared 0, so that one stray answer is strong evidence and not an infinite one.
const LEAST_SHARE = 0.001

/**
 * Finds the moment of change by maximum likelihood: the number of answers k that makes "the first k
 * under the previous split, the others under the new one" most likely. With S the running sum of
 * ln(previous / new) over the answers, k is where S is highest, so nothing needs to be stored. The
 * switch counts as seen when the answers since speak for the new split with odds of 1/alpha.
 */
export function createSettling(options: SettlingOptions): Settling {
  const { previous, declared, changedAt, settleMs, alpha } = options
  const until = changedAt + settleMs
  let answers = 0
  let sum = 0
  let highest = 0
  let switchedAt: number | undefined

  return {
    changedAt,
    until,
    fitsOnlyPrevious: version =>
      previous !== null && (shareOf(previous, version) ?? 0) > 0 && !shareOf(declared, version),
    observe(version, at) {
      answers += 1
      switchedAt ??= at
      sum += previous === null ? 0 : Math.log(likely(previous, version) / likely(declared, version))
      if (sum > highest) {
        highest = sum
        switchedAt = undefined
      }
    },
    measured(now) {
      const enough = -Math.log(alpha)
      const took = highest - sum >= enough && switchedAt !== undefined ? switchedAt - changedAt : null
      const state = stateOf(took, sum >= enough, now < until)
      const text = describe(state, took, options)
      return { state, changedAt, until, convergedAfterMs: took, answers, text }
    }
  }
}

function likely(split: Split, version: string): number {
  return Math.max(shareOf(split, version) ?? 0, LEAST_SHARE)
}

function stateOf(took: number | null, stillPrevious: boolean, running: boolean): Settled['state'] {
  if (took !== null) return 'converged'
  if (running) return 'settling'
  return stillPrevious ? 'not-converged' : 'unclear'
}

function describe(
  state: Settled['state'],
  took: number | null,
  { declared, previous, settleMs }: SettlingOptions
): string {
  const change = `${previous === null ? '' : `from ${formatSplit(previous)} `}to ${formatSplit(declared)}`
  if (took !== null) return `converged after ${seconds(Math.max(took, 0))}`
  if (state === 'settling') return `settling after the change ${change}`
  return state === 'not-converged'
    ? `did not converge within ${seconds(settleMs)}`
    : `cannot tell when the change ${change} took hold`
}
