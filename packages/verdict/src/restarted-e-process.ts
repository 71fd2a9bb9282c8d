import { createEProcess, type EProcess } from './e-process.ts'
import { logAddExp } from './log-math.ts'

// Nine tenths of the bet is on a split that was wrong from the start, one tenth on one that goes
// wrong later; the price of the tenth is ln(10/9) = 0.1 of the 4.6 that alpha 0.01 asks for.
const LOG_STEADY = Math.log(0.9)
const LOG_FRESH = Math.log(0.1)

// Long enough to prove a drift from 50 % to 56 % within one epoch after an hour at 10 a second.
const EPOCH = 2_000

/**
 * An e-process that stays alert after a long correct run: beside the one over all purchases it bets
 * afresh in every epoch of 2,000, with the weight 1 / (k (k + 1)) for epoch k. Weights fixed in
 * advance sum to 1 and a finished epoch keeps its value, so the average is an e-process as well.
 */
export function createRestartedEProcess(shares: readonly number[]): EProcess {
  const steady = createEProcess(shares)
  const fresh = createEProcess(shares)
  let epoch = 1
  let inEpoch = 0
  let logFinished = -Infinity
  let current = 0

  return {
    observe(index) {
      if (inEpoch === EPOCH) {
        logFinished = logAddExp(logFinished, logWeight(epoch) + fresh.logE())
        fresh.restart()
        epoch += 1
        inEpoch = 0
      }
      inEpoch += 1
      const logSteady = LOG_STEADY + steady.observe(index)
      const logRunning = logWeight(epoch) + fresh.observe(index)
      const logUnspent = -Math.log(epoch + 1)
      const logEpochs = logAddExp(logAddExp(logFinished, logUnspent), logRunning)
      current = logAddExp(logSteady, LOG_FRESH + logEpochs)
      return current
    },
    logE: () => current,
    restart() {
      steady.restart()
      fresh.restart()
      epoch = 1
      inEpoch = 0
      logFinished = -Infinity
      current = 0
    }
  }
}

function logWeight(epoch: number): number {
  return -Math.log(epoch * (epoch + 1))
}
