/** A weight as an exact fraction, so that `500m` and `0.5` are the same number. */
export interface Weight {
  readonly numerator: bigint
  readonly denominator: bigint
}

// Kubernetes quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18
}
const BINARY_POWERS: Readonly<Record<string, number>> = {
  Ki: 10,
  Mi: 20,
  Gi: 30,
  Ti: 40,
  Pi: 50,
  Ei: 60
}
const GRAMMAR =
  /^\+?(?=[\d.])(\d{0,30})(?:\.(\d{0,30}))?(?:[eE]([+-]?\d{1,2})|([KMGTPE]i|[numkMGTPE]?))$/

/**
 * Reads a weight: an integer, a decimal or a Kubernetes quantity (`50`, `0.5`, `500m`, `1k`, `2Ki`,
 * `5e1`). Undefined when the text is none of these, negative ones included.
 */
export function parseWeight(text: string): Weight | undefined {
  const match = GRAMMAR.exec(text)
  if (match === null) return undefined
  const [, whole = '', fraction = '', exponent, suffix = ''] = match
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  const power = Number(exponent ?? DECIMAL_EXPONENTS[suffix] ?? 0) - fraction.length
  const binary = 2n ** BigInt(BINARY_POWERS[suffix] ?? 0)
  return power >= 0
    ? { numerator: digits * binary * 10n ** BigInt(power), denominator: 1n }
    : { numerator: digits * binary, denominator: 10n ** BigInt(-power) }
}

/** The share of each weight in their sum, nearest double to the exact ratio. The sum must be above 0. */
export function sharesOf(weights: readonly Weight[]): readonly number[] {
  const common = weights.reduce((product, { denominator }) => lcm(product, denominator), 1n)
  const scaled = weights.map(({ numerator, denominator }) => numerator * (common / denominator))
  const sum = scaled.reduce((total, value) => total + value, 0n)
  return scaled.map(value => ratio(value, sum))
}

// 2^80 keeps 53 significant bits of every share down to 2^-27; smaller ones lose some of theirs.
function ratio(value: bigint, sum: bigint): number {
  return Number((value << 80n) / sum) / 2 ** 80
}

function lcm(a: bigint, b: bigint): bigint {
  return (a / gcd(a, b)) * b
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b)
}
