/** The probability of a false alarm that is accepted over all time. */
export const DEFAULT_ALPHA = 0.01

/** How far a version may be from its declared share to pass: 5 points. */
export const DEFAULT_TOLERANCE = 0.05

/** Gives alpha back, or throws RangeError when it is no probability between 0 and 0.5. */
export function checkedAlpha(alpha: number): number {
  if (alpha > 0 && alpha <= 0.5) return alpha
  throw new RangeError(`Expected alpha above 0 and at most 0.5, got ${alpha}`)
}

/** Gives the tolerance back, or throws RangeError when it is no share between 0 and 1 (0.05 is 5 points). */
export function checkedTolerance(tolerance: number): number {
  if (tolerance > 0 && tolerance < 1) return tolerance
  throw new RangeError(`Expected a tolerance between 0 and 1 (0.05 is 5 points), got ${tolerance}`)
}

// alpha^(2/7) is 1 to 3.7 at alpha 0.01
const DOUBT = 2 / 7

/**
 * What an alarm that may have another reason is asked for besides: evidence of 1 / alpha^(2/7). It is weak on purpose, see
 * the README.
 */
export function doubtLimit(alpha: number): number {
  return alpha ** DOUBT
}
