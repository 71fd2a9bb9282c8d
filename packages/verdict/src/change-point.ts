import type { Checkpoint } from './history.ts'
import { xLogY } from './log-math.ts'

/** Where the shares seem to have changed. */
export interface ChangePoint {
  /** The last checkpoint before the change. */
  readonly checkpoint: Checkpoint
  /** How much better, in nats, two shares explain the purchases than one. */
  readonly gain: number
}

/**
 * The most likely point at which the shares changed: the checkpoint that maximises the multinomial
 * log-likelihood of two separate pieces over one (likelihood-ratio scan, Page 1954, Hinkley 1970).
 * Undefined unless the gain exceeds ln(1/alpha) + ln(candidates) + (versions - 1), which keeps the
 * chance of a find in unchanged shares below alpha.
 */
export function findChangePoint(
  checkpoints: readonly Checkpoint[],
  counts: readonly number[],
  alpha: number
): ChangePoint | undefined {
  const whole = logLikelihood(counts)
  let best: ChangePoint | undefined
  for (const checkpoint of checkpoints) {
    const after = counts.map((value, index) => value - (checkpoint.counts[index] ?? 0))
    const gain = logLikelihood(checkpoint.counts) + logLikelihood(after) - whole
    if (best === undefined || gain > best.gain) best = { checkpoint, gain }
  }
  const threshold = Math.log(checkpoints.length / alpha) + Math.max(counts.length - 1, 1)
  return best !== undefined && best.gain > threshold ? best : undefined
}

/** Highest multinomial log-likelihood that any fixed shares give these counts. */
function logLikelihood(counts: readonly number[]): number {
  const total = counts.reduce((sum, value) => sum + value, 0)
  return counts.reduce((sum, value) => sum + xLogY(value, value / total), 0)
}
