const HALF_LN_TWO_PI = 0.5 * Math.log(2 * Math.PI)

// Below this argument the asymptotic series is not yet exact to double precision.
const STIRLING_FROM = 10

// B(2k) / (2k (2k - 1)) for k = 1, 2, ...: the coefficients of DLMF 5.11.1.
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400] as const

/**
 * Natural logarithm of the gamma function for x > 0, by Stirling's series (NIST DLMF 5.11.1) after
 * raising the argument with the recurrence Γ(x + 1) = x Γ(x) (DLMF 5.5.1). Throws RangeError else.
 */
export function logGamma(x: number): number {
  if (!(x > 0) || x === Infinity) {
    throw new RangeError(`Expected a finite number above 0 for logGamma, got ${x}`)
  }
  let raised = x
  let product = 1
  while (raised < STIRLING_FROM) {
    product *= raised
    raised += 1
  }
  return (raised - 0.5) * Math.log(raised) - raised + HALF_LN_TWO_PI + tail(raised) - Math.log(product)
}

/** Natural logarithm of the beta function, B(a, b) = Γ(a) Γ(b) / Γ(a + b) (DLMF 5.12.1). */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b)
}

/** x ln y with the limit 0 at x = 0, so that an impossible version that never came costs nothing. */
export function xLogY(x: number, y: number): number {
  return x === 0 ? 0 : x * Math.log(y)
}

/** ln(e^a + e^b) without overflow. */
export function logAddExp(a: number, b: number): number {
  const high = Math.max(a, b)
  return high === -Infinity || high === Infinity ? high : high + Math.log1p(Math.exp(Math.min(a, b) - high))
}

function tail(x: number): number {
  const inverseSquare = 1 / (x * x)
  let power = 1 / x
  let sum = 0
  for (const coefficient of STIRLING) {
    sum += coefficient * power
    power *= inverseSquare
  }
  return sum
}
