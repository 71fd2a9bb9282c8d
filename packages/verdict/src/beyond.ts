import type { Bounds } from './bounds.ts'
import { logAddExp } from './log-math.ts'

/** Purchases of one version among all of a stretch. */
export interface Counted {
  readonly count: number
  readonly total: number
}

// Shifts of the log odds, from 55 to 56, 59, 62, 69 and 80 %, and their weights. The smallest one matters only after
// thousands of purchases, so it gets little.
const SHIFTS = [
  { shift: 0.05, weight: 0.1 },
  { shift: 0.15, weight: 0.225 },
  { shift: 0.3, weight: 0.225 },
  { shift: 0.6, weight: 0.225 },
  { shift: 1.2, weight: 0.225 }
]

/**
 * ln of the evidence that a share lies beyond the bounds: the average, over five shares further out, of how much better
 * they explain the purchases than the bound does. −Infinity while the observed share is within. Over purchases that
 * were not chosen by their outcome this is an e-value for every true share within the bounds (Ville; the likelihood
 * ratio is monotone in the share).
 */
export function logBeyond({ count, total }: Counted, { low, high }: Bounds): number {
  const observed = count / total
  if (observed > high) return logFurther(count, total, high)
  return observed < low ? logFurther(total - count, total, 1 - low) : -Infinity
}

function logFurther(count: number, total: number, bound: number): number {
  return SHIFTS.reduce((sum, { shift, weight }) => {
    const ratio = count * shift - total * Math.log1p(bound * Math.expm1(shift))
    return logAddExp(sum, Math.log(weight) + ratio)
  }, -Infinity)
}
