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
 * Undefined unless the gain exceeds ln(1/alpha) + ln(2 ln purchases) + (versions - 1): the middle
 * term pays for the scan, whose candidates are independent only on a logarithmic scale. Measured in
 * the rows changed-… and runs-… of the bench: a find in unchanged shares stays rarer than alpha.
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
  const total = counts.reduce((sum, value) => sum + value, 0)
  const scan = Math.log(2 * Math.log(Math.max(total, Math.E)))
  const threshold = -Math.log(alpha) + scan + Math.max(counts.length - 1, 1)
  return best !== undefined && best.gain > threshold ? best : undefined
}

/** Highest multinomial log-likelihood that any fixed shares give these counts. */
function logLikelihood(counts: readonly number[]): number {
  const total = counts.reduce((sum, value) => sum + value, 0)
  return counts.reduce((sum, value) => sum + xLogY(value, value / total), 0)
}
