import type { FaultReport, Faults } from '@bookstore/contract'
import { type DrawnFault, describeFaults, drawFault, NO_FAULTS } from './faults.ts'

/** The faults of one store, which go by themselves after their time. */
export interface FaultSwitch {
  /** Puts faults in force for `seconds` from now and counts anew. */
  set(faults: Faults, seconds: number): void
  report(): FaultReport
  /** Whether it is to say that it is not ready. */
  isUnready(): boolean
  /** In words; '' while there are none. */
  describe(): string
  /** Begins a purchase: what becomes of it, and how to say that it is over. */
  begin(): DrawnFault & { end(): void }
}

export interface FaultSwitchOptions {
  /** In force from the start, without an end. */
  readonly initial?: Faults
  readonly random?: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** A switch that begins with `initial`. */
export function createFaultSwitch({
  initial = NO_FAULTS,
  random = Math.random,
  now = () => performance.now()
}: FaultSwitchOptions = {}): FaultSwitch {
  let set = { faults: initial, until: Infinity }
  let inFlight = 0
  let seen = nothingSeen(inFlight)
  const current = () => (now() < set.until ? set.faults : NO_FAULTS)
  const has = ({ abort, delay, unready }: Faults) => abort !== null || delay !== null || unready
  return {
    set(faults, seconds) {
      set = { faults, until: now() + seconds * 1000 }
      seen = nothingSeen(inFlight)
    },
    report() {
      const faults = current()
      const left = has(faults) && set.until < Infinity ? Math.ceil((set.until - now()) / 1000) : null
      return { ...faults, secondsLeft: left, seen: { ...seen } }
    },
    isUnready: () => current().unready,
    describe: () => describeFaults(current()),
    begin() {
      const drawn = drawFault(current(), random)
      inFlight++
      seen.requests++
      if (drawn.delayMs > 0) seen.delayed++
      if (drawn.status !== null) seen.aborted++
      seen.mostInFlight = Math.max(seen.mostInFlight, inFlight)
      return { ...drawn, end: () => void inFlight-- }
    }
  }
}

function nothingSeen(inFlight: number) {
  return { requests: 0, aborted: 0, delayed: 0, mostInFlight: inFlight }
}
