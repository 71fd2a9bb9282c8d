import { createDriftBets, type Drifted } from './drift-bets.ts'
import { createEProcess, type EProcess } from './e-process.ts'
import { logAddExp } from './log-math.ts'

// Nine tenths of the bet are on shares that were wrong from the start, one tenth on shares that go wrong later; the
// price of the tenth is ln(10/9) = 0.1 of the 4.6 that alpha 0.01 asks for.
const LOG_STEADY = Math.log(0.9)
const LOG_LATE = Math.log(0.1)

/** The test of "exactly the declared shares". */
export interface ExactTest extends EProcess {
  /** The drift that explains what was won; undefined when it is the shares of all purchases. */
  drifted(): Drifted | undefined
}

/** An e-process against the declared shares (all above 0) that stays alert after a long correct run. */
export function createExactTest(shares: readonly number[]): ExactTest {
  const steady = createEProcess(shares)
  const late = createDriftBets({ bounds: shares.map(share => ({ low: share, high: share })) })
  let logSteady = 0
  let logLate = 0
  let current = 0

  return {
    observe(index) {
      logSteady = LOG_STEADY + steady.observe(index)
      logLate = LOG_LATE + Math.log(late.observe(index))
      current = logAddExp(logSteady, logLate)
      return current
    },
    logE: () => current,
    drifted: () => (logLate > logSteady ? late.mostLikely() : undefined)
  }
}
